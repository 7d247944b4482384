"""Which service, failure mode and severity an alert is about, and whether it opens an incident."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.routing import NOW, TRIAGE, Opening, Route, Routed, Rules, route
from bot.config import Settings
from bot.runbooks.matching import FailureModeRule

SETTINGS = Settings()
RULES = Rules(
    service_labels=("service", "model", "job"),
    failure_modes=(FailureModeRule(match={"alertname": ("~.*Cost.*",)}, failure_mode="cost"),),
    severity_labels=SETTINGS.severity_labels,
)


def about(rules: Rules = RULES, name: str = "", **labels: str) -> Routed:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    alert = Alert(source="x", fingerprint="f", status="firing", name=name, starts_at=at, labels=labels)
    return route(alert, rules)


def test_the_service_is_the_first_label_that_says_something() -> None:
    assert about(service="a", model="b", job="c").service == "a"
    assert about(service="", model="b", job="c").service == "b"
    assert about(job="c").service == "c"
    assert about(team="d").service == "unknown"


def test_a_failure_mode_that_the_alert_names_wins_over_the_rules() -> None:
    assert about(name="CostHigh").failure_mode == "cost"
    assert about(name="CostHigh", failure_mode="safety").failure_mode == "safety"
    assert about(name="CostHigh", failure_mode="nonsense").failure_mode == "cost"
    assert about(name="Whatever").failure_mode == "generic"


@pytest.mark.parametrize(
    ("said", "meant"),
    [("critical", "SEV2"), ("Warning", "SEV3"), (" sev1 ", "SEV1"), ("SEV4", "SEV4"), ("odd", None), ("", None)],
)
def test_severity_labels_mean_what_the_configuration_says(said: str, meant: str | None) -> None:
    assert about(severity=said).severity == meant


def test_the_default_severity_is_for_alerts_that_say_nothing_known() -> None:
    rules = Rules(service_labels=(), failure_modes=(), severity_labels={"page": "SEV1"}, default_severity="SEV3")
    assert [about(rules, severity=said).severity for said in ("", "odd", "page", "sev4")] == [
        "SEV3", "SEV3", "SEV1", "SEV4",
    ]  # fmt: skip


def routed(*routes: Route, name: str = "RecallLow", **labels: str) -> Routed:
    return about(msgspec.structs.replace(RULES, routes=routes), name, **labels)


def test_what_was_said_to_be_bad_opens_and_what_was_said_to_be_less_is_announced() -> None:
    assert [about(severity=said).opening for said in ("sev1", "critical", "P2")] == [NOW, NOW, NOW]
    assert [about(severity=said).opening for said in ("warning", "info", "P3", "P5")] == [TRIAGE] * 4


def test_unknown_is_not_harmless() -> None:
    assert about().opening == NOW
    assert about(severity="odd").opening == NOW
    assert about(msgspec.structs.replace(RULES, default_severity="SEV3")).opening == NOW


def test_whatever_is_about_safety_opens() -> None:
    assert about(severity="info", failure_mode="safety").opening == NOW


def test_the_first_route_that_fits_counts() -> None:
    first = Route(name="first", match={"team": ("fraud",)}, service="one")
    second = Route(name="second", match={"alertname": ("~Recall.*",)}, service="two")
    last = Route(name="last", service="three")

    assert routed(first, second, last, team="fraud").route == "first"
    assert routed(first, second, last, team="search").service == "two"
    assert routed(first, second, last, name="CostHigh").service == "three"
    assert routed(first, second, name="CostHigh", service="own") == about(name="CostHigh", service="own")


def test_a_route_is_compared_with_who_sent_it_too() -> None:
    assert routed(Route(name="ours", match={"source": ("x",)})).route == "ours"
    assert routed(Route(name="theirs", match={"source": ("sentry",)})).route == ""


def test_a_label_does_not_make_one_sender_another() -> None:
    assert routed(Route(name="theirs", match={"source": ("sentry",)}), source="sentry").route == ""
    assert routed(Route(name="ours", match={"source": ("x",)}), source="kafka").route == "ours"


def test_what_a_route_says_wins_over_the_alert_and_what_it_leaves_open_does_not() -> None:
    says = Route(
        name="r", service="fraud", failure_mode="cost", severity="SEV1", opening=Opening("after", 5, 600.0),
        runbook="spend", channel="#fraud", people=("U1", "oncall:fraud"), private=True,
    )  # fmt: skip

    assert routed(says, service="own", failure_mode="safety", severity="info") == Routed(
        service="fraud", failure_mode="cost", severity="SEV1", opening=Opening("after", 5, 600.0), route="r",
        runbook="spend", channel="#fraud", people=("U1", "oncall:fraud"), private=True,
    )  # fmt: skip
    nothing = routed(Route(name="r"), service="own", failure_mode="latency", severity="warning")
    assert (nothing.service, nothing.failure_mode, nothing.severity) == ("own", "latency", "SEV3")
    assert nothing.opening == TRIAGE


def test_a_route_has_its_own_words_for_how_bad_it_is_and_they_decide_whether_it_opens() -> None:
    loud = Route(name="r", severity_labels={"warning": "SEV2"})

    assert (routed(loud, severity="Warning").severity, routed(loud, severity="Warning").opening) == ("SEV2", NOW)
    assert (routed(loud, severity="info").severity, routed(loud, severity="info").opening) == ("SEV4", TRIAGE)
    assert routed(Route(name="r", severity="SEV3")).opening == TRIAGE
