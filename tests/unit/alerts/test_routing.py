"""Which service, failure mode and severity an alert is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed, Rules, route
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
