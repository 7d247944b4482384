"""Mutes and maintenance windows: what they fit, and when they are on."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.quiet import Mute, Window, exactly, quiet_labels, quieting, why_quiet
from bot.alerts.routing import Routed

SATURDAY = datetime(2026, 11, 21, 3, tzinfo=UTC)
LABELS = {"alertname": "RecallLow", "service": "fraud-scorer", "severity": "SEV3"}


def muted(match: dict[str, str], *, at: datetime = SATURDAY) -> bool:
    mute = Mute(id=1, match=match, until=SATURDAY + timedelta(hours=1), by="U1")
    return why_quiet(LABELS, at, mutes=(mute,), windows=()) == "mute 1"


def test_a_mute_fits_if_every_label_does() -> None:
    assert muted({"alertname": "RecallLow"})
    assert muted({"alertname": "~Recall.*", "service": "fraud-scorer"})
    assert not muted({"alertname": "RecallLow", "service": "search"})


def test_a_mute_ends() -> None:
    assert muted({"alertname": "RecallLow"}, at=SATURDAY + timedelta(minutes=59))
    assert not muted({"alertname": "RecallLow"}, at=SATURDAY + timedelta(hours=1))


def test_what_gets_worse_is_not_muted_with_what_was_harmless() -> None:
    mute = {"alertname": "RecallLow", "severity": "SEV3"}
    alert = Alert(source="x", fingerprint="f", status="firing", name="RecallLow", starts_at=SATURDAY)
    harmless, worse = (
        quiet_labels(alert, Routed(service="s", failure_mode="generic", severity=severity))
        for severity in ("SEV3", "SEV2")
    )

    mutes = (Mute(id=1, match=mute, until=SATURDAY + timedelta(hours=1), by="U1"),)
    assert why_quiet(harmless, SATURDAY, mutes=mutes, windows=())
    assert not why_quiet(worse, SATURDAY, mutes=mutes, windows=())


@pytest.mark.parametrize(("match", "quiet"), [
    ({"service": "chat"}, False),
    ({"service": "chat", "failure_mode": "safety"}, True),
    ({"failure_mode": "~.*"}, True),
])  # fmt: skip
def test_what_is_about_safety_is_muted_only_by_who_says_so(match: dict[str, str], quiet: bool) -> None:
    mute = Mute(id=1, match=match, until=SATURDAY + timedelta(hours=1), by="U1")
    harm = {"alertname": "ToxicAnswers", "service": "chat", "failure_mode": "safety", "severity": "SEV1"}
    assert bool(why_quiet(harm, SATURDAY, mutes=(mute,), windows=())) is quiet


@pytest.mark.parametrize("value", ["plain", "~not.a.regex(", "!negated", ""])
def test_any_value_can_be_muted_exactly(value: str) -> None:
    mute = Mute(id=1, match={"alertname": exactly(value)}, until=SATURDAY + timedelta(hours=1), by="U1")

    assert why_quiet({"alertname": value}, SATURDAY, mutes=(mute,), windows=())
    assert not why_quiet({"alertname": f"{value}x"}, SATURDAY, mutes=(mute,), windows=())


def test_a_window_is_on_from_its_beginning_until_before_its_end() -> None:
    window = Window(name="w", match={}, begins=SATURDAY, ends=SATURDAY + timedelta(hours=2))

    moments = (-1, 0, 7199, 7200)
    assert [window.covers(SATURDAY + timedelta(seconds=s)) for s in moments] == [False, True, True, False]


def test_a_weekly_window_may_go_over_midnight() -> None:
    window = Window(name="w", match={}, days=frozenset({4}), since=time(22), until=time(4))  # Friday evening

    hours = {-6: False, -5: True, 0: True, 1: False, 19: False, 24: False}
    assert {hour: window.covers(SATURDAY + timedelta(hours=hour)) for hour in hours} == hours


def test_a_window_keeps_to_the_clock_of_its_zone() -> None:
    window = Window(name="w", match={}, since=time(3, 30), until=time(4, 30), zone="Europe/Berlin")

    assert not window.covers(SATURDAY.replace(hour=3, minute=45))
    assert window.covers(SATURDAY)  # 04:00 in Berlin
    assert window.covers(SATURDAY.replace(month=7, hour=2))  # 04:00 there in summer


def test_a_window_says_its_name() -> None:
    window = Window(name="retraining", match={"service": ("fraud-scorer",)}, since=time(0), until=time(23))

    assert why_quiet(LABELS, SATURDAY, mutes=(), windows=(window,)) == "maintenance: retraining"
    assert not why_quiet({"service": "search"}, SATURDAY, mutes=(), windows=(window,))


def test_all_that_is_on_is_known_by_what_it_is_called_beside_an_alert() -> None:
    on = Window(name="retraining", match={"service": ("fraud-scorer",)}, since=time(0), until=time(23))
    off = Window(name="later", match={}, since=time(22), until=time(23))
    mute = Mute(id=7, match={"service": "search"}, until=SATURDAY + timedelta(hours=1), by="U1")
    ended = Mute(id=8, match={"service": "search"}, until=SATURDAY, by="U1")

    found = quieting(SATURDAY, mutes=(mute, ended), windows=(on, off))
    assert found == ["maintenance: retraining", "mute 7"]
    assert why_quiet(LABELS, SATURDAY, mutes=(mute,), windows=(on, off)) in found
