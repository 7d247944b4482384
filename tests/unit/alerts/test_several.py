"""One alert that cannot be read takes none along that stands beside it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.alerts.becoming import become, told
from bot.alerts.sources import SourceSettings
from bot.errors import BadRequest
from tests.unit.alerts.requests import NOW

FIRING: dict[str, Any] = {"status": "firing", "labels": {"alertname": "Up"}, "startsAt": "2026-11-21T03:00:00Z"}
EVENT = {"id": "1", "source": "/ci", "specversion": "1.0", "type": "drift.found"}

#: source, what stands around its alerts, a good one, and bad ones with what is said of them
SENDERS: list[tuple[str, str | None, dict[str, Any], list[tuple[Any, str]]]] = [
    (
        "alertmanager", "alerts", FIRING,
        [
            (FIRING | {"startsAt": "yesterday"}, "`$.alerts[1].startsAt`"),
            (FIRING | {"startsAt": "2026-11-21T03:00:00"}, "a time needs a zone - at `$.alerts[1].startsAt`"),
            (FIRING | {"labels": {"alertname": 7}}, "`$.alerts[1].labels[...]`"),
            (FIRING | {"labels": {"a": "\0"}}, "keeps - at `$.alerts[1]`"),
            ({}, "`$.alerts[1]`"), (None, "`$.alerts[1]`"),
            (FIRING | {"labels": {f"l{i}": "x" for i in range(1001)}}, "more than 1000 labels"),
        ],
    ),
    (
        "grafana", "alerts", FIRING,
        [(FIRING | {"startsAt": 7}, "`$.alerts[1].startsAt`"), (FIRING | {"status": "odd"}, "`$.alerts[1].status`")],
    ),
    (
        "generic", None, {"title": "Up"},
        [({"no": "title"}, "alert 2 has no title"), (7, "an object, not 7"), ({"title": "\0"}, "NUL")],
    ),
    (
        "cloudevents", None, EVENT,
        [(EVENT | {"id": 7}, "event 2 has no `id`"), ("x", "event 2 is no object"), (EVENT | {"a": "\0"}, "NUL")],
    ),
    (
        "evidently", "tests", {"name": "t", "status": "FAIL"},
        [({"name": "u"}, "`$.tests[1]`"), ("x", "`$.tests[1]`"), ({"name": "\0", "status": "FAIL"}, "NUL")],
    ),
]  # fmt: skip
CASES = [
    pytest.param(source, around, good, bad, why, id=f"{source}-{why}")
    for source, around, good, bads in SENDERS
    for bad, why in bads
]


def body_of(around: str | None, *alerts: Any) -> bytes:
    return msgspec.json.encode({around: alerts} if around else list(alerts))


def read(source: str, body: bytes) -> Any:
    return become(source, body, at=NOW, settings=SourceSettings())


@pytest.mark.parametrize(("source", "around", "good", "bad", "why"), CASES)
def test_what_stands_beside_it_is_taken(source: str, around: str | None, good: Any, bad: Any, why: str) -> None:
    batch = read(source, body_of(around, good, bad, good))
    assert (len(batch.alerts), batch.unreadable, len(batch.reasons)) == (2, 1, 1)
    assert why in batch.reasons[0]
    assert batch.alerts[0] == read(source, body_of(around, good)).alerts[0]


@pytest.mark.parametrize(("source", "around", "good", "bad", "why"), CASES)
def test_what_brings_nothing_that_can_be_read_is_refused(
    source: str, around: str | None, good: Any, bad: Any, why: str
) -> None:
    with pytest.raises(BadRequest):
        read(source, body_of(around, bad))


def test_a_text_that_is_not_utf_8_spoils_its_own_alert_alone() -> None:
    body = body_of("alerts", FIRING, FIRING).replace(b'"Up"', b'"\xff"', 1)
    batch = read("alertmanager", body)
    assert (len(batch.alerts), batch.reasons) == (1, ("not JSON: byte 0 of a text is not UTF-8",))


@pytest.mark.parametrize("source", ["alertmanager", "grafana"])
def test_what_stands_beside_the_alerts_keeps_none_of_them_out(source: str) -> None:
    body = msgspec.json.encode({"alerts": [FIRING], "truncatedAlerts": "many", "externalURL": 7})
    assert (len(read(source, body).alerts), read(source, body).unreadable) == (1, 0)


def test_of_many_that_are_spoiled_alike_all_are_counted_and_a_few_explained() -> None:
    batch = read("generic", body_of(None, {"title": "Up"}, *[{}] * 500))
    assert (len(batch.alerts), batch.unreadable, len(batch.reasons)) == (1, 500, 10)


def test_if_none_can_be_read_the_first_reason_and_their_number_are_told() -> None:
    with pytest.raises(BadRequest, match=r"alert 1 has no title.*\(and 2 more like it\)"):
        read("generic", body_of(None, {}, {}, {}))


def test_whoever_tries_a_file_out_sees_which_alerts_are_not_read() -> None:
    shown = told(read("generic", body_of(None, {"title": "Up"}, *[{}] * 12)), lambda _: ())
    assert "unreadable  not what `sources: generic` describes: alert 2 has no title" in shown
    assert shown.endswith("… and 2 unreadable more\n")
