"""Why an alert goes where it goes, as ``evenkeel route`` says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.explaining import explained
from bot.alerts.quiet import Window
from bot.alerts.routing import Opening, Route, Rules
from bot.config import Settings

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
RULES = Rules(
    service_labels=("service", "model"), failure_modes=Settings().failure_modes,
    severity_labels=Settings().severity_labels,
)  # fmt: skip


def told(
    *routes: Route, windows: tuple[Window, ...] = (), status: Literal["firing", "resolved"] = "firing", **labels: str
) -> list[str]:
    alert = Alert(
        source="alertmanager", fingerprint="f", status=status, name="RecallLow", starts_at=AT, labels=labels
    )
    return explained(alert, msgspec.structs.replace(RULES, routes=routes), windows=windows, at=AT)


def test_without_routes_the_labels_and_the_default_decide() -> None:
    assert told(service="fraud-scorer", severity="warning") == [
        "RecallLow, firing",
        "  route         none is configured",
        "  service       fraud-scorer: label service",
        "  failure mode  performance: alertname fits the rule for performance",
        "  severity      SEV3: label severity is warning",
        "  so it         is announced with a button: SEV3 waits for a person",
    ]


def test_an_alert_that_says_nothing_opens() -> None:
    assert told()[2:] == [
        "  service       unknown: none of the labels service, model is there",
        "  failure mode  performance: alertname fits the rule for performance",
        "  severity      not said: there is no label severity",
        "  so it         opens an incident: nobody said how bad it is, and unknown is not harmless",
    ]


def test_routes_that_do_not_fit_say_why_not_and_the_one_that_fits_says_why() -> None:
    first = Route(name="search", match={"team": ("search", "ads")}, place="evenkeel.yaml:3")
    second = Route(
        name="fraud", match={"alertname": ("~Recall.*",)}, service="fraud-scorer", failure_mode="cost",
        severity="SEV2", opening=Opening("after", 3, 600.0), runbook="spend", channel="#fraud", people=("U1",),
        private=True, place="evenkeel.yaml:7",
    )  # fmt: skip

    assert told(first, second) == [
        "RecallLow, firing",
        "  not           search (evenkeel.yaml:3): team is not there, not search or ads",
        "  route         fraud (evenkeel.yaml:7) fits: alertname is RecallLow",
        "  service       fraud-scorer: the route says so",
        "  failure mode  cost: the route says so",
        "  severity      SEV2: the route says so",
        "  so it         opens an incident after 3 alerts within 10m: the route says so",
        "  runbook       spend",
        "  announced in  #fraud",
        "  invites       U1",
        "  channel is    private",
    ]


@pytest.mark.parametrize("pattern", ["~recall.*", "recalllow", "~RECALL\\D+"])
def test_a_route_that_fits_but_for_its_capitals_says_so(pattern: str) -> None:
    said = told(Route(name="drops", match={"alertname": (pattern,)}))[1]
    assert said == f"  not           drops: alertname is RecallLow, not {pattern} (capitals count)"


def test_what_keeps_it_quiet_is_said_too() -> None:
    window = Window(name="retraining", match={"service": ("f",)}, begins=AT, ends=AT + timedelta(hours=1))

    assert told(windows=(window,), service="f")[-1] == "  but now       nothing happens: maintenance: retraining"


def test_what_is_over_opens_nothing() -> None:
    assert told(status="resolved")[-1] == "  but           an alert that is over opens nothing"
