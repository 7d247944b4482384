"""CloudEvents over HTTP: the three ways in which they come, what they say, and the handshake before."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.cloudevents import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import TOKEN, bearer, recorded, request

STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
EVENT = msgspec.json.decode(recorded("cloudevents", "1_drift"))
BINARY = {
    "content-type": "application/json", "ce-specversion": "1.0", "ce-id": EVENT["id"], "ce-source": EVENT["source"],
    "ce-type": EVENT["type"], "ce-subject": "fraud%20scorer/amount",
}  # fmt: skip


def alerts(body: Any, headers: dict[str, str] | None = None, **settings: Any) -> tuple[Alert, ...]:
    return SOURCE.parse(request(msgspec.json.encode(body), headers or STRUCTURED, **settings)).alerts


def test_what_the_data_say_counts() -> None:
    (alert,) = alerts(EVENT)
    assert (alert.name, alert.status, alert.labels["service"]) == ("PSI of amount is high", "firing", "fraud-scorer")
    assert alert.labels["type"] == EVENT["type"]
    assert not alert.dated


def test_data_that_say_nothing_are_named_by_the_event() -> None:
    (alert,) = alerts(EVENT | {"data": {"psi": 0.31}})
    assert alert.name == "fraud-scorer/amount"
    (alert,) = alerts({key: EVENT[key] for key in ("id", "source", "type", "specversion")})
    assert alert.name == EVENT["type"]


def test_what_begins_and_what_ends_have_one_name() -> None:
    began = alerts(EVENT)[0]
    (ended,) = alerts(EVENT | {"id": "other", "type": "com.example.drift.resolved"})
    assert (began.fingerprint, ended.status) == (ended.fingerprint, "resolved")
    plain = {key: value for key, value in EVENT.items() if key != "subject"}
    assert (
        alerts(plain)[0].fingerprint == alerts(plain | {"type": "com.example.drift.ok"})[0].fingerprint
    )  # without a subject it is the kind of thing


@pytest.mark.parametrize("version", [".v1", ".v12", ".0.2.0", ".2"])
def test_a_version_at_the_end_of_a_type_is_not_what_happened(version: str) -> None:
    plain = {key: value for key, value in EVENT.items() if key != "subject"}
    began, ended = (
        alerts(plain | {"type": f"dev.example.drift.{word}{version}"})[0] for word in ("detected", "resolved")
    )
    assert (began.status, ended.status) == ("firing", "resolved")
    assert began.fingerprint == ended.fingerprint == alerts(plain | {"type": "dev.example.drift.ok"})[0].fingerprint
    assert alerts(plain | {"type": "v1"})[0].status == "firing"


def test_an_event_says_itself_when_it_was() -> None:
    assert alerts(EVENT)[0].starts_at == datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
    (ended,) = alerts(EVENT | {"type": "com.example.drift.resolved", "time": "2026-11-21T03:20:00Z"})
    assert (ended.ends_at, ended.dated) == (datetime(2026, 11, 21, 3, 20, tzinfo=UTC), False)
    for time in ("soon", None, "2026-11-21T03:20:00", 7):
        assert alerts(EVENT | {"time": time})[0].dated is False


def test_paths_begin_at_the_event() -> None:
    mapping = {"title": "$.data.check", "service": "$.subject", "state": "$.type"}
    values = {"state": {EVENT["type"]: "resolved"}}
    (alert,) = alerts(EVENT | {"data": {"check": "nulls"}}, mapping=mapping, values=values)
    assert (alert.name, alert.labels["service"], alert.status) == ("nulls", "fraud-scorer/amount", "resolved")


def test_events_come_in_batches() -> None:
    assert len(alerts([EVENT, EVENT | {"id": "2", "subject": "other"}], BATCH)) == 2
    assert alerts([], BATCH) == ()


def test_attributes_come_in_headers_and_are_kept_with_the_data() -> None:
    binary = request(msgspec.json.encode(EVENT["data"]), BINARY)
    (alert,) = SOURCE.parse(binary).alerts
    assert (alert.name, alert.labels["subject"]) == ("PSI of amount is high", "fraud scorer/amount")
    (again,) = SOURCE.parse(request(SOURCE.kept(binary))).alerts
    assert again == alert


def test_data_may_be_packed_or_text() -> None:
    packed = {key: value for key, value in EVENT.items() if key != "data"}
    packed["data_base64"] = b64encode(msgspec.json.encode(EVENT["data"])).decode()
    assert alerts(packed)[0].name == "PSI of amount is high"
    assert alerts(packed | {"data_base64": "!!!"})[0].name == "fraud-scorer/amount"
    (alert,) = SOURCE.parse(request(b"it drifts", BINARY | {"content-type": "text/plain"})).alerts
    assert alert.summary == "it drifts"


def test_source_and_id_name_the_delivery() -> None:
    first, again, other = (SOURCE.delivery(request(msgspec.json.encode(EVENT | {"id": name}))) for name in "aab")
    assert first == again != other


def test_a_token_opens() -> None:
    SOURCE.verify(request(b"{}", bearer(TOKEN)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(b"{}", STRUCTURED))


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
@pytest.mark.parametrize("value", [None, "", 7, {}])
def test_an_event_without_what_every_event_has_is_refused(name: str, value: Any) -> None:
    with pytest.raises(BadRequest, match=f"no `{name}`"):
        alerts(EVENT | {name: value})


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"", STRUCTURED), (b"[1]", BATCH), (b"7", STRUCTURED), (b"\xff", BINARY), (b"{}", {"ce-specversion": "1.0"}),
     (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", STRUCTURED)],
)  # fmt: skip
def test_what_is_no_event_is_told_why(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        SOURCE.parse(request(body, headers))


def test_another_version_is_refused() -> None:
    with pytest.raises(BadRequest, match="version 1"):
        alerts(EVENT | {"specversion": "0.3"})


def test_who_asks_whether_it_may_send_may() -> None:
    origin = {"webhook-request-origin": "eventgrid.azure.net", "webhook-request-callback": "http://169.254.169.254/"}
    assert SOURCE.handshake(origin) == {"WebHook-Allowed-Origin": "eventgrid.azure.net", "WebHook-Allowed-Rate": "*"}
    assert SOURCE.handshake({"webhook-request-origin": "a\r\nSet-Cookie: x"}) == {}
    assert SOURCE.handshake({}) == {}
