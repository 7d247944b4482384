"""What the configuration says is pinned when an incident begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed
from bot.config import Settings
from bot.incidents import events as ev
from bot.runbooks.loading import Library, load_library
from bot.runbooks.service import Service
from bot.service.opening import Beginning, Openings, channel_name, from_alerts

AT = datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
RUNBOOK = """
schema: runbook/v1
id: {id}
version: 1
title: What to do
failure_mode: {mode}
owner: platform
summary: Look.
severity: {severity}
match:
  - failure_mode: {mode}
phases:
  check:
    - {{id: look, task: Look at it.}}
"""


def runbooks(*books: tuple[str, str], severity: str = "{default: SEV3, floor: SEV2}") -> Library:
    files = {f"{i}.yaml": RUNBOOK.format(id=i, mode=mode, severity=severity) for i, mode in books}
    library = load_library(files)
    assert not library.problems
    return library


def begin(
    openings: Openings, *, service: str = "fraud-scorer", mode: str = "performance", severity: str | None = None,
    attached: Sequence[ev.AnyEvent] = (), **more: Any,
) -> list[ev.AnyEvent]:  # fmt: skip
    about = Routed(service=service, failure_mode=mode, severity=severity)
    beginning = Beginning(title="ModelRecallDrop", source="alertmanager", about=about, **more)
    return openings.events(1, beginning, attached)


def opened(events: list[ev.AnyEvent]) -> ev.IncidentOpened:
    assert isinstance(events[0], ev.IncidentOpened)
    return events[0]


def test_the_order_is_opened_attached_runbook() -> None:
    openings = Openings(Settings(), runbooks(("drop", "performance")))
    events = begin(openings, attached=[ev.AlertsAttached(count=1)])
    assert [type(event) for event in events] == [ev.IncidentOpened, ev.AlertsAttached, ev.RunbookAttached]


def test_what_the_catalogue_says_of_the_service_is_pinned() -> None:
    settings = Settings(
        services={
            "fraud-scorer": Service(
                name="fraud-scorer", owner="ml-oncall", consumers=("checkout",), stakeholders=("risk",)
            )
        },
        oncall={"ml-oncall": ("U1", "U2"), "web": ("U3",)},
        responders=("U2", "U9"),
    )
    event = opened(begin(Openings(settings, Library()), team_id="T1"))
    assert (event.owner, event.consumers, event.audiences, event.team_id) == (
        "ml-oncall", ("checkout",), ("risk",), "T1",
    )  # fmt: skip
    assert event.invite == ("U2", "U9", "U1")
    assert event.people == {"oncall:ml-oncall": ("U1", "U2"), "oncall:web": ("U3",)}
    assert not event.connected


def test_a_service_that_nobody_described_is_not_connected_and_its_runbook_owns_it() -> None:
    event = opened(begin(Openings(Settings(), runbooks(("drop", "performance"))), service="unheard-of"))
    assert (event.owner, event.connected, event.consumers) == ("platform", False, ())


@pytest.mark.parametrize(("said", "pinned"), [(None, "SEV2"), ("SEV4", "SEV2"), ("SEV2", "SEV2"), ("SEV1", "SEV1")])
def test_the_runbook_has_a_default_severity_and_a_floor(said: str | None, pinned: str) -> None:
    openings = Openings(Settings(), runbooks(("drop", "performance")))
    assert opened(begin(openings, severity=said)).severity == pinned


def test_without_a_runbook_nobody_invents_a_severity() -> None:
    events = begin(Openings(Settings(), Library()))
    assert opened(events).severity is None
    assert len(events) == 1


def test_the_runbook_that_fits_is_pinned_with_the_reason() -> None:
    library = runbooks(("drop", "performance"), ("generic", "generic"))
    fits, falls_back = (begin(Openings(Settings(), library), mode=mode)[-1] for mode in ("performance", "cost"))
    assert isinstance(fits, ev.RunbookAttached)
    assert isinstance(falls_back, ev.RunbookAttached)
    assert (fits.runbook.id, fits.because) == ("drop", "fits performance")
    assert (falls_back.runbook.id, falls_back.because) == ("generic", "no other runbook fits")


def test_a_tie_is_asked_about_and_the_general_runbook_is_walked_meanwhile() -> None:
    library = runbooks(("one", "performance"), ("two", "performance"), ("generic", "generic"))
    attached, tied = begin(Openings(Settings(), library))[-2:]
    assert isinstance(attached, ev.RunbookAttached)
    assert (attached.runbook.id, attached.because) == ("generic", "one and two fit equally well")
    assert tied == ev.RunbooksTied(runbooks={"one": "What to do", "two": "What to do"})


def test_a_tie_without_a_general_runbook_is_asked_about_all_the_same() -> None:
    events = begin(Openings(Settings(), runbooks(("one", "performance"), ("two", "performance"))))
    assert [type(event) for event in events[1:]] == [ev.RunbooksTied]


def test_the_text_of_the_file_is_pinned_with_the_runbook() -> None:
    attached = begin(Openings(Settings(), runbooks(("drop", "performance"))))[-1]
    assert isinstance(attached, ev.RunbookAttached)
    assert attached.text == RUNBOOK.format(id="drop", mode="performance", severity="{default: SEV3, floor: SEV2}")
    assert len(attached.runbook.sha256) == 64


def alert(name: str, severity: str | None, *, minutes: int = 0, text: str = "") -> tuple[Alert, Routed]:
    sent = Alert(
        source="alertmanager", fingerprint=name, status="firing", name=name, summary=text,
        starts_at=AT + timedelta(minutes=minutes), labels={"team": "ml"},
    )  # fmt: skip
    return sent, Routed(service="fraud-scorer", failure_mode="performance", severity=severity)


def test_several_alerts_begin_with_the_severest_and_when_the_first_began() -> None:
    beginning = from_alerts([alert("A", None), alert("B", "SEV2", minutes=5, text="fell"), alert("C", "SEV3")])
    assert (beginning.title, beginning.alert_name, beginning.alert_text) == ("B", "B", "fell")
    assert beginning.began_at == AT
    assert beginning.labels == {"alertname": "B", "team": "ml"}


@pytest.mark.parametrize("left_out", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_start_that_the_sender_left_out_is_no_start(left_out: datetime) -> None:
    (without, about), known = alert("A", "SEV2"), alert("B", "SEV3", minutes=5)
    without = replace(without, starts_at=left_out)
    assert from_alerts([(without, about)]).began_at is None
    assert from_alerts([(without, about), known]).began_at == AT + timedelta(minutes=5)


def test_an_alert_without_a_name_is_called_by_what_it_says() -> None:
    assert from_alerts([alert("", None, text="it fell")]).title == "it fell"
    assert from_alerts([alert("", None)]).title == "Alert for fraud-scorer"


@pytest.mark.parametrize(
    ("service", "title", "name"),
    [
        ("fraud-scorer", "ModelRecallDrop", "inc-1-fraud-scorer-model-recall-drop"),
        ("Fraud Scorer/EU", "Recall: 0.71 (was 0.84)!", "inc-1-fraud-scorer-eu-recall-0-71-was-0-84"),
        ("ü", "…", "inc-1"),
        ("s", "x" * 200, "inc-1-s-" + "x" * 72),
    ],
)
def test_a_channel_is_named_as_slack_takes_it(service: str, title: str, name: str) -> None:
    assert channel_name(1, service, title) == name
    assert len(name) <= 80
