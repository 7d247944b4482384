"""What is kept of a body that was refused, and for what kind of reason it was."""

from __future__ import annotations

import msgspec
import pytest

from bot.alerts.redaction import Redaction
from bot.alerts.refused import MOST, NOT_JSON, SHAPE, is_whole, kept_of, kind_of, place_in

REDACTION = Redaction(("customer.number",))


def kept(body: bytes) -> str:
    return kept_of(body, REDACTION)


def test_what_is_json_is_kept_without_its_secrets() -> None:
    assert msgspec.json.decode(kept(b'{"alerts": 7, "password": "hunter2"}')) == {"alerts": 7, "password": "[secret]"}


def test_what_is_cut_off_is_kept_as_it_begins() -> None:
    assert (
        kept(b'{"title": "Recall is low", "text": "says "no" data')
        == '{"title": "Recall is low", "text": "says "no" data'
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "a", "api_key": "hunter2"',
        b'{"title": "a", "password": {"is": "hunter2"',
        b'{"title": "a", "prompt": "he said "hunter2", "and": "x"',
        b'{"title": "a", "user message": "hunter2',
        b'{"title": "a", "number": "hunter2',
        b'{"title": "a", "Message": "{\\"password\\": \\"hunter2\\"}"',
        b'{"title": "a", password: hunter2',
        b'{"title": "a", token: hunter2',
        b'{"title": "a", "t": "password=hunter2',
        b'{"title": "a", "\\u0070assword": "hunter2"',
    ],
)
def test_of_what_nobody_can_read_nothing_is_kept_from_the_first_secret_on(body: bytes) -> None:
    assert kept(body).startswith('{"title": "a')
    assert "hunter2" not in kept(body)


def test_secrets_are_known_by_their_shape_and_addresses_counted_there_too() -> None:
    shown = kept(b'{"a": "xoxb-' + b"1234567890" + b'", "b": "ana@example.com"')
    assert shown == '{"a": "[secret]", "b": "(e-mail address withheld)"'


@pytest.mark.parametrize("body", [b"payload=%7B%22password%22%3A%22hunter2%22%7D", b"<xml>hunter2</xml>", b"hunter2"])
def test_what_does_not_begin_like_json_is_not_kept(body: bytes) -> None:
    assert kept(body) == "[not kept: it does not begin like JSON]"


@pytest.mark.parametrize("body", [b"{" + b"x" * 900_000, b'{"a": "' + b"x" * 900_000 + b'"}'])
def test_a_long_one_is_cut(body: bytes) -> None:
    assert len(kept(body)) < MOST + 100
    assert kept(body).endswith("… [cut here]")


def test_no_half_of_a_secret_is_left_at_the_cut() -> None:
    body = b'{"a": "' + b"x" * (MOST - 12) + b"xoxb-" + b"1234567890" * 3 + b'", '
    assert "xoxb" not in kept(body)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 900_000, b"\xff\x00", b'{"a":"\x00"', "{“ü”".encode(), b"{" + b'"' * 20_000]
)
def test_something_is_kept_of_whatever_comes_and_every_database_takes_it(body: bytes) -> None:
    shown = kept(body)
    assert shown
    assert "\0" not in shown
    shown.encode()


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b'{"a": 7}', True), (b'{"a": 7', True), (b'{"password": "x"}', True), (b'{"password": "x', False),
        (b"a=b", False), (b"", False), (b'{"a": "' + b"x" * MOST + b'"}', False), (b"{" + b"x" * 2 * MOST, False),
        (b'{"\\u0070', False),
    ],
)  # fmt: skip
def test_it_is_known_whether_all_of_it_was_kept(body: bytes, whole: bool) -> None:
    assert is_whole(kept(body)) is whole


def test_the_kind_and_the_place_are_told_by_the_reason() -> None:
    assert kind_of("not JSON: it ends too early") == NOT_JSON
    assert kind_of("not a Grafana notification: it is odd - at `$.alerts[2].startsAt`") == SHAPE
    assert place_in("odd - at `$.alerts[2].labels[...]`") == "$.alerts[2].labels[...]"
    assert place_in("not JSON") == ""


@pytest.mark.parametrize("odd", ["at `$.<!channel>`", "at `$.a b`", "at `<!here>`", "at `$" + "a" * 200 + "`"])
def test_a_place_is_made_of_nothing_that_rings(odd: str) -> None:
    assert place_in(odd) == ""
