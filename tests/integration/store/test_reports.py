"""Reports by people, in the database: what they noticed never ends, and counts as no alarm that fires."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.alerts.reports import Report
from bot.config import Settings
from bot.incidents import events as ev
from bot.runbooks.loading import load_library
from bot.service import Declaration, Service
from bot.store import Store
from tests.conftest import START
from tests.routes import EVERYTHING_OPENS

SETTINGS = replace(Settings(), routes=EVERYTHING_OPENS, grouping_window=timedelta(hours=1).total_seconds())


def _service(store: Store) -> Service:
    return Service(store, settings=SETTINGS, library=load_library({}))


async def test_a_report_that_is_delivered_twice_is_counted_once(store: Store) -> None:
    service = _service(store)
    report = Report(text="it repeats itself", service="chat", by="U0ANA", delivery="trigger-1")
    first = await service.reporting.report(report)
    again = await service.reporting.report(report)
    assert (first.report, again.report) == (1, 1)
    assert (await service.incident(1)).reports == 1


async def test_a_report_joins_the_incident_of_its_service_however_many_others_are_newer(store: Store) -> None:
    service = _service(store)
    await service.take("alertmanager", [_alert("fairness")])
    others = (Declaration(title="It is slow", service=f"s{n}") for n in range(201))
    await asyncio.gather(*(service.declare(other, by="U0ANA", team_id="T1") for other in others))
    reported = await service.reporting.report(Report(text="it repeats itself", service="chat", by="U0ANA"))
    assert reported.incident is not None
    assert (reported.incident.number, reported.report) == (1, 1)


async def test_when_the_alert_is_over_nothing_fires_although_a_report_stands(store: Store) -> None:
    service = _service(store)
    await service.reporting.report(Report(text="it repeats itself", service="chat", by="U0ANA"))
    mode = (await service.incident(1)).failure_mode
    fired = _alert(mode)
    await service.take("alertmanager", [fired])
    await service.take("alertmanager", [replace(fired, status="resolved", ends_at=START)])
    events = [entry.event for entry in await service.entries(1)]
    (over,) = [event for event in events if isinstance(event, ev.AlertsResolved)]
    assert over.firing == 0
    head = await service.incident(1)
    assert (head.alerts, head.reports, head.reported_first) == (2, 1, True)


def _alert(failure_mode: str) -> Alert:
    return Alert(
        source="alertmanager", fingerprint="f1", status="firing", name="AnswersRepeat", starts_at=START,
        labels={"service": "chat", "failure_mode": failure_mode},
    )  # fmt: skip
