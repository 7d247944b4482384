"""An alert that fires and is said to be worse raises its incident; said to be less, it changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.incidents.commands import Cancel, Resolve
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.integration.store.services import alert, service


def said(severity: str, fingerprint: str = "f1") -> Alert:
    return replace(alert(fingerprint, severity=severity), source="pagerduty")


async def raised(here: Service, number: int = 1) -> list[str]:
    """What the incident's severity became, one after the other, by the alerts."""
    return [e.event.severity for e in await here.entries(number) if isinstance(e.event, ev.SeverityChanged)]


async def test_a_higher_priority_raises_the_incident_and_its_row_says_so(store: Store) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P3")])
    taken = await here.take("pagerduty", [said("P1")])
    assert taken.incidents == ["INC-1"]
    assert (await here.incident(1)).severity == "SEV1"
    (row,) = await store.alerts.since(START - timedelta(days=1))
    assert (row.severity, row.labels["severity"], row.count) == ("SEV1", "P1", 2)


async def test_it_is_said_once_however_often_it_is_repeated(store: Store) -> None:
    here = service(store)
    for priority in ("P3", "P2", "P2", "P2"):
        await here.take("pagerduty", [said(priority)])
    assert await raised(here) == ["SEV2"]


@pytest.mark.parametrize("less", ["P4", "", "nobody knows"])
async def test_severity_only_rises(store: Store, less: str) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P2")])
    before = (await here.incident(1)).seq
    await here.take("pagerduty", [said(less)])
    assert (await here.incident(1)).severity == "SEV2"
    assert (await here.incident(1)).seq == before


async def test_a_severity_that_another_alert_said_before_stands(store: Store) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P1"), said("P3", "f2")])
    await here.take("pagerduty", [said("P2", "f2")])
    assert await raised(here) == []


async def test_an_announced_warning_that_becomes_critical_opens(store: Store) -> None:
    here = service(store, routes=())
    await here.take("datadog", [said("warning")])
    assert (await here.incident(1)).status == "triage"
    await here.take("datadog", [said("critical")])
    opened = await here.incident(1)
    assert (opened.status, opened.severity) == ("open", "SEV2")


async def test_one_that_had_ended_and_comes_back_worse_raises_it_once(store: Store) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P3"), said("P3", "f2")])
    await here.take("pagerduty", [replace(said("P3"), status="resolved", ends_at=START)])
    await here.take("pagerduty", [said("P1")])
    assert await raised(here) == ["SEV1"]


async def test_what_ends_raises_nothing(store: Store) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P3")])
    await here.take("pagerduty", [replace(said("P1"), status="resolved", ends_at=START)])
    assert (await here.incident(1)).severity == "SEV3"


@pytest.mark.parametrize("command", [Resolve(), Cancel(reason="only a P3")])
async def test_whose_incident_is_over_it_arrives_again(
    store: Store, clock: SteppedClock, command: Resolve | Cancel
) -> None:
    here = service(store)
    await here.take("pagerduty", [said("P3")])
    await here.handle(1, command, by="U1")
    before = (await here.incident(1)).seq
    clock.advance(60)
    assert (await here.take("pagerduty", [said("P1")])).incidents == ["INC-2"]
    assert (await here.incident(1)).seq == before
    assert (await here.incident(2)).severity == "SEV1"
    clock.advance(60)
    assert (await here.take("pagerduty", [said("P1")])).incidents == ["INC-2"]
