"""What is kept of a request: no secret, nothing about a person that was said to be one, and else what was sent."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.redaction import PERSONAL, Redaction
from bot.alerts.secret_shapes import HIDDEN

#: a secret of every shape, put together here so that nobody takes this file for a leak
SHAPES = {
    "slack": "xox" + "b-2488392-AbCdEfGh12",
    "webhook": "https://hooks.slack.com/services/" + "T000/B000/XyZ12345",
    "aws": "AK" + "IA" + "ABCDEFGHIJKLMNOP",
    "github": "gh" + "p_" + "a1" * 18,
    "model": "sk" + "-proj-" + "a1b2" * 6,
    "token": "ey" + "JhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "abc-def",
    "key": "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEow\n-----END RSA PRIVATE" + " KEY-----",
    "address": "postgresql://bot:" + "hunter2hunter2@db.example.com/x",
    "header": "Authorization: Bearer " + "0123456789abcdef0123",
    "query": "https://example.com/?a=1&access_token=" + "0123456789abcdef",
}
SECRETS = (
    "2488392",
    "XyZ12345",
    "ABCDEFGHIJKLMNOP",
    "a1a1a1a1",
    "b2a1b2",
    "eyJzdWIi",
    "MIIEow",
    "hunter2",
    "789abcdef",
)


def kept(value: Any, *personal: str) -> Any:
    """What is kept of this JSON."""
    return msgspec.json.decode(Redaction(personal).of(msgspec.json.encode(value)))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_secret_is_known_by_its_shape(shape: str) -> None:
    told = str(kept({"text": f"see {SHAPES[shape]} there", "n": 1}))
    assert HIDDEN in told
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize(
    "key", ["password", "DB_PASSWORD", "api-key", "apiKey", "client_secret", "token", "Authorization", "routing_key"]
)
def test_a_secret_is_known_by_its_key(key: str) -> None:
    assert kept({"a": [{key: "s3cret"}, {"b": 2}]}) == {"a": [{key: HIDDEN}, {"b": 2}]}


@pytest.mark.parametrize("key", ["tokens_per_second", "keyboard", "author", "model", "tokenizer", "compass"])
def test_a_key_that_only_looks_like_one_stays(key: str) -> None:
    assert kept({key: "12", "password": "x"}) == {key: "12", "password": HIDDEN}


@pytest.mark.parametrize(
    "body", [b'{"password" : "x1y2"}', b'{"p\\u0061ssword": "x1y2"}', b'{ "a":{"PassWord":"x1y2"}}']
)
def test_a_key_may_be_written_in_many_ways(body: bytes) -> None:
    assert "x1y2" not in Redaction().of(body)


def test_json_inside_a_text_is_looked_into() -> None:
    sent = {"Type": "Notification", "Message": msgspec.json.encode({"AlarmName": "a", "token": "abc"}).decode()}
    assert msgspec.json.decode(kept(sent)["Message"]) == {"AlarmName": "a", "token": HIDDEN}


def test_personal_fields_are_named_by_key_or_by_the_end_of_a_path() -> None:
    sent = {"user": {"nick": "ana", "id": 7}, "owner": {"nick": "team"}, "customer_id": [17]}
    assert kept(sent, "user.nick", "customerId") == {
        "user": {"nick": PERSONAL, "id": 7}, "owner": {"nick": "team"}, "customer_id": PERSONAL,
    }  # fmt: skip


def test_what_everybody_has_about_persons_is_not_kept() -> None:
    sent = {"text": "ask ana@example.com, ben@example.com", "modelOutput": "x", "input": 1, "user_prompt": {"a": 1}}
    assert kept(sent) == {
        "text": "ask (2 e-mail addresses withheld)", "modelOutput": PERSONAL, "input": 1, "user_prompt": PERSONAL,
    }  # fmt: skip


def test_what_holds_no_secret_is_kept_letter_for_letter() -> None:
    body = b'{"alerts" : [ {"labels":{"alertname":"Drift","psi":"0.31"}} ],\n "n": 1.50}'
    assert Redaction().of(body).encode() == body


def test_what_is_no_text_is_kept_as_far_as_it_is() -> None:
    assert Redaction().of(b"\xff\x00ab") == "\N{REPLACEMENT CHARACTER}" * 2 + "ab"


def test_what_no_json_is_loses_its_shapes_still() -> None:
    assert "2488392" not in Redaction().of(f'{{"password": {SHAPES["slack"]}'.encode())


def test_what_is_nested_too_deeply_to_look_at_is_not_kept() -> None:
    deep = b"[" * 5000 + b"]" * 5000
    assert Redaction().of(b'{"a": ' + deep + b', "password": "open sesame"}') == ""


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
       | st.dictionaries(st.sampled_from(["a", "token", "b_c"]) | st.text(), inner), max_leaves=20))  # fmt: skip
def test_any_json_stays_json_and_redacting_again_changes_nothing(value: Any) -> None:
    body = msgspec.json.encode(value)
    once = Redaction(["b_c"]).of(body)
    msgspec.json.decode(once)
    assert Redaction(["b_c"]).of(once.encode()) == once


@pytest.mark.parametrize(
    "hostile", ["eyJ", "://", "://a:", "xoxb-", "sk-", "bearer ", "-----BEGIN A PRIVATE KEY-----", '{"token":', "@"]
)
def test_a_megabyte_of_beginnings_takes_no_longer_than_others(hostile: str) -> None:
    body = (hostile * (1024 * 1024 // len(hostile))).encode()
    began = time.process_time()
    Redaction().of(body)
    assert time.process_time() - began < 2


def test_a_path_is_also_known_where_it_is_written_as_one_name() -> None:
    kept = Redaction(["user.device"])
    body = b'{"labels": {"user_device": "a1", "userDevice": "a2", "edge_device": "b"}, "user": {"device": "a3"}}'
    assert msgspec.json.decode(kept.of(body)) == {
        "labels": {"user_device": PERSONAL, "userDevice": PERSONAL, "edge_device": "b"},
        "user": {"device": PERSONAL},
    }
