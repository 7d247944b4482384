"""Any JSON: what evenkeel.yaml says of it, what is tried without, and what is refused with a sentence."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import Alert
from bot.alerts.sources.described import FIELDS
from bot.alerts.sources.generic import DELIVERY_HEADER, SIGNATURE_HEADER, SOURCE, explained
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, SECRET, TOKEN, bearer, recorded, request, signature

MAPPING = {
    "each": "$.monitors[*]", "title": "$.name", "dedupe_key": "$.key", "state": "$.state", "severity": "$.level",
    "service": "$.about.model", "metric": "$.about.metric", "url": "$.links[?@.rel == 'self'].href",
    "starts_at": "$.since", "labels.team": "risk",
}  # fmt: skip
VALUES = {"state": {"Fine again": "resolved"}, "severity": {"P2": "SEV1"}}


def alerts(body: Any, mapping: dict[str, str] | None = None, **settings: Any) -> tuple[Alert, ...]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return SOURCE.parse(request(raw, mapping=mapping or {}, **settings)).alerts


# --- what it says -----------------------------------------------------------------------------------------------


def test_a_mapping_says_where_everything_is() -> None:
    first, second = alerts(recorded("generic", "1_monitors"), MAPPING, values=VALUES)
    assert first == Alert(
        source="generic", fingerprint="psi-amount", status="firing", name="PSI of amount is high",
        starts_at=datetime(2026, 11, 21, 2, 51, tzinfo=UTC), url="https://drift.example.com/m/psi-amount",
        summary="PSI of amount is high", dated=False,
        labels={
            "alertname": "PSI of amount is high", "service": "fraud-scorer", "severity": "SEV1",
            "metric": "psi_amount", "team": "risk",
        },
    )  # fmt: skip
    assert (second.status, second.fingerprint, second.url) == ("resolved", "null-rate", "")
    assert second.ends_at == NOW


def test_without_a_mapping_the_usual_names_are_tried() -> None:
    (alert,) = alerts(recorded("generic", "2_form"))
    assert (alert.name, alert.fingerprint, alert.summary) == (
        "The app refuses my card since noon", "8812", "Three customers called support.",
    )  # fmt: skip
    assert alert.labels["service"] == "fraud-scorer"
    assert alert.starts_at == NOW


def test_a_list_brings_several() -> None:
    assert [alert.name for alert in alerts([{"title": "a"}, {"title": "b"}])] == ["a", "b"]


def test_without_a_key_the_title_service_and_metric_name_it() -> None:
    one, other, third = alerts([
        {"title": "a", "service": "s", "value": 1}, {"title": "a", "service": "s", "value": 2},
        {"title": "a", "service": "t"},
    ])  # fmt: skip
    assert one.fingerprint == other.fingerprint != third.fingerprint


@pytest.mark.parametrize("state", ["resolved", "OK", "Recovered", False, "closed"])
def test_the_usual_words_mean_that_it_is_over(state: object) -> None:
    assert alerts({"title": "a", "state": state})[0].status == "resolved"


@pytest.mark.parametrize("state", ["alarm", "open", "unknown word", None, 7, True, {}, "not ok"])
def test_any_other_word_means_that_it_fires(state: object) -> None:
    assert alerts({"title": "a", "state": state})[0].status == "firing"


@pytest.mark.parametrize("since", ["2026-11-21T04:00:00+01:00", 1795230000, "1795230000000"])
def test_a_time_may_be_written_in_many_ways(since: object) -> None:
    (alert,) = alerts({"title": "a", "starts_at": since})
    assert alert.starts_at == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_its_name_alone_tells_an_alert_from_others() -> None:
    began, ended = alerts([
        {"title": "a", "key": "k", "starts_at": "2026-11-21T03:00:00Z"},
        {"title": "a", "key": "k", "starts_at": "2026-11-21T03:20:00Z", "state": "ok"},
    ])  # fmt: skip
    assert (began.fingerprint, began.dated) == (ended.fingerprint, ended.dated) == ("k", False)


@pytest.mark.parametrize("since", ["yesterday", "2026-11-21T04:00:00", -1, {}, 10**300])
def test_a_time_that_is_none_is_when_it_was_heard_of(since: object) -> None:
    (alert,) = alerts({"title": "a", "starts_at": since})
    assert alert.starts_at == NOW


def test_what_was_found_where_can_be_shown() -> None:
    (found,) = explained(request(recorded("generic", "2_form")))
    assert {one.field: (one.by, one.value) for one in found}["external_id"] == ("id", 8812)


# --- who sent it ------------------------------------------------------------------------------------------------


def test_a_token_opens_without_secrets_and_a_signature_with_them() -> None:
    body = recorded("generic", "2_form")
    SOURCE.verify(request(body, bearer(TOKEN)))
    SOURCE.verify(request(body, {SIGNATURE_HEADER: f"sha256={signature(body)}"}, secrets=("new", SECRET)))
    for headers in (bearer(TOKEN), bearer(SECRET), {SIGNATURE_HEADER: signature(body + b" ")}, {}):
        with pytest.raises(Unauthenticated):
            SOURCE.verify(request(body, headers, secrets=(SECRET,)))


def test_a_signed_time_is_held_to_the_window() -> None:
    body = recorded("generic", "2_form")
    for seconds, fits in ((0, True), (299, True), (-299, True), (301, False), (-301, False)):
        stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
        headers = {"x-time": stamp, "x-sig": signature(stamp.encode() + b":" + body)}
        signed = request(body, headers, secrets=(SECRET,), signature_header="x-sig", timestamp_header="x-time")
        if fits:
            SOURCE.verify(signed)
            continue
        with pytest.raises(Unauthenticated, match="not of now"):
            SOURCE.verify(signed)


def test_a_delivery_is_named_by_its_idempotency_key() -> None:
    assert SOURCE.delivery(request(b"{}", {DELIVERY_HEADER: " d-1 "})) == "d-1"
    assert SOURCE.delivery(request(b"{}")) == ""


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"), (b"{", "not JSON"), (b'"a"', "an alert is an object"), (b"null", "an alert is an object"),
        (b"[1]", "an alert is an object"), (b"{}", "alert 1 has no title"),
        (b'[{}, {}]', "alert 1 .* 1 more like it"),
        (b'{"title": "\\u0000"}', "NUL"), (b'{"title": "\xff"}', "not JSON"), (b'{"title": {"a": 1}}', "no title"),
        (b'{"title": ' + b"[" * 200 + b"]" * 200 + b"}", "nested more than 64 deep"),
        (b'{"title": ' + b"[" * 100_000, "not JSON"),
        (b"[" + b",".join([b"1"] * 60_000) + b"]", "more than 50000 values"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_why(body: bytes, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        alerts(body)


def test_a_missing_title_says_where_it_was_looked_for() -> None:
    with pytest.raises(BadRequest, match=r"looked for at \$\.monitor\.name"):
        alerts({"title": "a"}, {"title": "$.monitor.name"})


@pytest.mark.parametrize("body", ["", "{", '{"monitors": [{"title": "a"}]}'])
def test_a_text_holds_nothing_that_a_path_finds(body: str) -> None:
    with pytest.raises(BadRequest, match=r"there is nothing at \$\.monitors"):
        alerts(body, {"each": "$.monitors[*]"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([key for keys in FIELDS.values() for key in keys]), inner, max_size=6)
    ),
    max_leaves=25,
)


@given(_JSON, st.booleans())
def test_any_json_is_an_alert_or_told_why_not(body: Any, mapped: bool) -> None:
    try:
        found = alerts(body, MAPPING if mapped else None)
    except BadRequest as refused:
        assert 0 < len(str(refused)) < 500
        return
    assert all(alert.name and alert.fingerprint and alert.starts_at.tzinfo for alert in found)


@pytest.mark.parametrize("path", ["$..*[*]", "$..[?@.zz == 1].zz", "$..zy", "$[*][*][*][*][*]"])
def test_no_payload_makes_a_path_take_long(path: str) -> None:
    chain = b"[" * 60 + b"]" * 60
    for body in (b"[" + b",".join([chain] * 700) + b"]", b"[" + b",".join([b'{"zz":1}'] * 16_000) + b"]"):
        began = time.process_time()
        with pytest.raises(BadRequest):
            alerts(body, {"title": path})
        assert time.process_time() - began < 5


def test_a_body_without_the_place_where_the_alerts_are_is_refused_for_it_would_be_lost() -> None:
    with pytest.raises(BadRequest, match=r"there is nothing at \$\.monitors\[\*\], where `each` says"):
        alerts({"title": "recall is down"}, MAPPING)
    assert alerts({"monitors": []}, MAPPING) == ()
    wanted = MAPPING | {"each": "$.monitors[?@.state == 'bad']"}
    assert alerts({"monitors": [{"name": "a", "state": "fine"}]}, wanted) == ()
