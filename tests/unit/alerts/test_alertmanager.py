"""What a real Alertmanager sent is read; what cannot be read is named by its place."""

from __future__ import annotations

import base64
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources import SOURCES, Request
from bot.alerts.sources.alertmanager import read as parse
from bot.alerts.sources.tokens import carries_token
from bot.errors import BadRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "alertmanager"


def body(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def changed(**keys: object) -> bytes:
    """The first fixture with some keys of its alert changed; ``...`` takes a key away."""
    read = msgspec.json.decode(body("1_firing"))
    read["alerts"][0] = {k: v for k, v in (read["alerts"][0] | keys).items() if v is not ...}
    return msgspec.json.encode(read)


def test_one_firing_alert_is_read_as_it_was_sent() -> None:
    batch = parse(body("1_firing"))
    (alert,) = batch.alerts
    assert (alert.source, alert.fingerprint, alert.status, alert.name) == (
        "alertmanager", "38de438a98f9fb52", "firing", "ModelErrorRate",
    )  # fmt: skip
    assert alert.starts_at == datetime(2026, 11, 21, 5, 38, 19, 443000, tzinfo=UTC)
    assert alert.labels["model"] == "fraud"
    assert alert.summary == "error rate 0.11"
    assert alert.url.startswith("http://prometheus.example:9090/graph")
    assert batch.truncated == 0


def test_the_year_1_means_that_it_has_not_ended() -> None:
    assert parse(body("1_firing")).alerts[0].ends_at is None


def test_a_group_brings_several_alerts_each_with_its_own_fingerprint() -> None:
    batch = parse(body("2_firing"))
    assert [alert.labels["feature"] for alert in batch.alerts] == ["amount", "country"]
    assert len({alert.fingerprint for alert in batch.alerts}) == 2


def test_a_resolved_alert_has_its_end() -> None:
    (alert,) = parse(body("3_resolved")).alerts
    assert alert.status == "resolved"
    assert alert.ends_at == datetime(2026, 11, 21, 5, 38, 24, 443000, tzinfo=UTC)


def test_what_alertmanager_left_out_is_counted() -> None:
    read = msgspec.json.decode(body("1_firing")) | {"truncatedAlerts": 12}
    assert parse(msgspec.json.encode(read)).truncated == 12


def test_times_are_in_utc_wherever_they_come_from() -> None:
    (alert,) = parse(changed(startsAt="2026-11-21T06:38:19+01:00")).alerts
    assert (alert.starts_at.hour, alert.starts_at.tzinfo) == (5, UTC)


def test_without_a_fingerprint_the_same_labels_are_the_same_alert() -> None:
    one, other = (parse(changed(fingerprint=...)).alerts[0].fingerprint for _ in range(2))
    assert one == other != ""
    assert parse(changed(fingerprint=..., labels={"alertname": "Other"})).alerts[0].fingerprint != one


def test_a_description_stands_in_for_a_summary() -> None:
    assert parse(changed(annotations={"description": "it fell"})).alerts[0].summary == "it fell"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"{", "not JSON"),
        (b"[]", "Expected `object`"),
        (b"{}", "missing required field `alerts`"),
        (changed(startsAt="yesterday"), r"\$\.alerts\[0\]\.startsAt"),
        (changed(startsAt="2026-11-21T05:38:19"), r"a time needs a zone - at `\$\.alerts\[0\]\.startsAt`"),
        (changed(status="pending"), r"\$\.alerts\[0\]\.status"),
        (changed(labels={"a": 1}), r"\$\.alerts\[0\]\.labels\[\.\.\.\]"),
        (changed(labels={"a": "b\u0000"}), "NUL"),
        (b"\xff\xfe", "not"),
        (b'{"alerts": [], "externalURL": "\xff"}', "not JSON: byte 0 of a text is not UTF-8"),
        (changed(startsAt="0001-01-01T00:00:00+05:00"), r"no time of this world - at `\$\.alerts\[0\]\.startsAt`"),
        (changed(fingerprint="f" * 201), r"\$\.alerts\[0\]\.fingerprint"),
        (b'{"alerts": [], "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
        (b"", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(sent: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        parse(sent)


TOKENS = ("old-token", "new-token")


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'anyone:{password}'.encode()).decode()}"


@pytest.mark.parametrize(
    "header", ["Bearer old-token", "bearer new-token", "Bearer  new-token ", basic("old-token"), basic("new-token")]
)
def test_any_of_the_tokens_opens_as_bearer_or_as_password(header: str) -> None:
    assert carries_token({"authorization": header}, TOKENS)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "old-token", "Token old-token", basic("wrong"), "Basic ???", basic("")],
)
def test_nothing_else_opens(header: str) -> None:
    assert not carries_token({"authorization": header}, TOKENS)
    assert not carries_token({}, TOKENS)


def test_without_tokens_nothing_opens_not_even_an_empty_one() -> None:
    assert not carries_token({"authorization": "Bearer "}, ("",))
    assert not carries_token({"authorization": "Bearer x"}, ())


def test_a_password_may_hold_a_colon() -> None:
    assert carries_token({"authorization": basic("a:b")}, ("a:b",))


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_source_has_fixtures_from_real_life(name: str) -> None:
    """Some need settings, and some say nothing of an alert; at least one is an alert as it stands."""
    read: list[Alert] = []
    for file in sorted((FIXTURES.parent / name).glob("*.json")):
        request = Request(headers={}, body=file.read_bytes(), at=datetime(2026, 11, 21, tzinfo=UTC), tokens=())
        with contextlib.suppress(BadRequest):
            read += SOURCES[name].parse(request).alerts
    assert read
