"""``routes`` and ``maintenance`` of evenkeel.yaml."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.alerts.quiet import Window
from bot.alerts.routing import NOW, TRIAGE, Opening, Route
from tests.unit.config.test_settings import settings

EVERYTHING = """
oncall: {fraud: [U0123]}
routes:
  - name: fraud at night
    match: {team: fraud, severity: [critical, "~p[12]"]}
    service: fraud-scorer
    failure_mode: performance
    severity: sev2
    severity_labels: {Urgent: SEV1}
    open: {after: 5, within: 10m}
    runbook: model-performance-drop
    channel: "#fraud-alerts"
    people: [U0ANA, oncall:fraud]
    private: true
  - match: {source: sentry}
    open: triage
  - open: now
"""


def test_a_route_says_what_an_alert_is_about_and_where_it_goes() -> None:
    first, second, last = settings(EVERYTHING).routes

    assert first == Route(
        name="fraud at night", match={"team": ("fraud",), "severity": ("critical", "~p[12]")},
        service="fraud-scorer", failure_mode="performance", severity="SEV2", severity_labels={"urgent": "SEV1"},
        opening=Opening("after", 5, 600.0), runbook="model-performance-drop", channel="#fraud-alerts",
        people=("U0ANA", "oncall:fraud"), private=True, place="evenkeel.yaml:4",
    )  # fmt: skip
    assert (second.name, second.opening) == ("route 2", TRIAGE)
    assert (last.match, last.opening) == ({}, NOW)


def test_a_route_that_does_not_say_how_it_opens_leaves_that_to_the_severity() -> None:
    assert settings("routes:\n  - service: fraud-scorer\n").routes[0].opening is None


WINDOWS = """
maintenance:
  - name: move of the feature store
    match: {service: fraud-scorer}
    from: 2026-11-21T22:00:00+01:00
    until: 2026-11-22T02:00:00Z
  - match: {alertname: "~.*Drift"}
    days: [saturday, Sunday]
    from: "02:00"
    until: "4:30"
    zone: Europe/Berlin
"""


def test_a_window_is_once_or_every_week() -> None:
    once, weekly = settings(WINDOWS).maintenance

    assert once == Window(
        name="move of the feature store", match={"service": ("fraud-scorer",)},
        begins=datetime(2026, 11, 21, 21, tzinfo=UTC), ends=datetime(2026, 11, 22, 2, tzinfo=UTC),
    )  # fmt: skip
    assert weekly == Window(
        name="window 2", match={"alertname": ("~.*Drift",)}, days=frozenset({5, 6}), since=time(2),
        until=time(4, 30), zone="Europe/Berlin",
    )  # fmt: skip
