"""An incident does not end on silence alone while an alert like its own fires and is kept quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.alerts.quiet import Window
from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.incidents.commands import Reopen, Report, Resolve
from bot.incidents.quiet import proposes_at
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.integration.store.logs import entries
from tests.integration.store.services import alert, service

ANA, SENDER = "U0ANA", "alertmanager"
HOUR = timedelta(hours=1)
EU = {"region": "eu"}


async def opened(store: Store, clock: SteppedClock, **settings: Any) -> Service:
    """INC-1, whose only alert is over after a minute."""
    here = service(store, **settings)
    await here.take(SENDER, [alert("us", region="us")])
    clock.advance(60)
    await here.take(SENDER, [alert("us", status="resolved", ends_at=clock.now(), region="us")])
    return here


async def said(store: Store, number: int = 1) -> list[str]:
    return [entry.event.why for entry in await entries(store, number) if isinstance(entry.event, ev.AlertsHeldBack)]


async def proposes(here: Service) -> bool:
    """The bot proposes to resolve, if the rules allow it."""
    handled = await here.handle(1, Report(events=(ev.ResolveProposed(),)), by=ev.EVENKEEL)
    return ev.ResolveProposed() in handled.events


async def test_a_muted_alert_that_would_have_joined_keeps_it_from_proposing_its_end(
    store: Store, clock: SteppedClock
) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    assert await said(store) == ["mute 1"]
    assert proposes_at(await here.incident(1)) is None
    clock.advance(1200)
    assert not await proposes(here)


async def test_once_that_alert_is_over_the_quiet_time_begins_anew(store: Store, clock: SteppedClock) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    clock.advance(1200)
    await here.take(SENDER, [alert("eu", status="resolved", ends_at=clock.now(), region="eu")])
    assert await said(store) == ["mute 1", ""]
    assert proposes_at(await here.incident(1)) == clock.now() + timedelta(minutes=10)
    assert not await proposes(here)
    clock.advance(600)
    assert await proposes(here)


async def test_what_was_reopened_is_told_once_more_before_its_end_is_proposed(
    store: Store, clock: SteppedClock
) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    await here.handle(1, Resolve(summary="better"), by=ANA)
    await here.handle(1, Reopen(reason="it is not"), by=ANA)
    clock.advance(60)
    began = clock.now()
    await here.take(SENDER, [alert("us", starts_at=began, region="us")])
    await here.take(SENDER, [alert("us", status="resolved", starts_at=began, ends_at=clock.now(), region="us")])
    assert await said(store) == ["mute 1", "mute 1"]
    assert proposes_at(await here.incident(1)) is None


async def test_its_own_alert_that_begins_again_in_a_maintenance_window_counts(
    store: Store, clock: SteppedClock
) -> None:
    begins = START + timedelta(minutes=5)
    window = Window(name="retraining", match={"region": ("us",)}, begins=begins, ends=begins + HOUR)
    here = await opened(store, clock, maintenance=(window,))
    clock.advance(600)
    await here.take(SENDER, [alert("us", starts_at=clock.now(), region="us")])
    assert await said(store) == ["maintenance: retraining"]


async def test_what_is_heard_again_joins_and_nothing_is_held_back_any_more(store: Store, clock: SteppedClock) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    await here.muting.unmute(1, by=ANA)
    head = await here.incident(1)
    assert await said(store) == ["mute 1", ""]
    assert (head.alerts, head.together.firing, head.together.held_back) == (2, 1, "")


async def test_one_that_was_quiet_before_the_incident_began_is_found_when_it_would_propose(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    await here.take(SENDER, [alert("us", region="us")])
    await here.take(SENDER, [alert("us", status="resolved", ends_at=START, region="us")])
    assert await said(store) == []
    clock.advance(1200)
    assert not await proposes(here)
    assert await said(store) == ["mute 1"]


async def test_it_is_said_once_however_many_are_kept_quiet(store: Store, clock: SteppedClock) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    for name in "abc":
        await here.take(SENDER, [alert(name, region="eu")])
    await here.take(SENDER, [alert("a", status="resolved", ends_at=clock.now(), region="eu")])
    assert await said(store) == ["mute 1"]


async def test_an_alert_of_another_service_holds_nothing_back(store: Store, clock: SteppedClock) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", service="churn", region="eu")])
    clock.advance(1200)
    assert await proposes(here)
    assert await said(store) == []


async def test_a_person_can_resolve_it_all_the_same(store: Store, clock: SteppedClock) -> None:
    here = await opened(store, clock)
    await here.muting.mute(EU, length=HOUR, by=ANA)
    await here.take(SENDER, [alert("eu", region="eu")])
    await here.handle(1, Resolve(summary="the retraining explains it"), by=ANA)
    assert (await here.incident(1)).status == "resolved"
