"""What nobody needs any more goes: old changes, mutes, quiet alerts that ended, polls; but for legal holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, Table, func, select

from bot.changes.change import Change
from bot.clock import SteppedClock
from bot.controller.forgetting import EVERY, Forgetting
from bot.incidents.commands.privacy import SetHold
from bot.store import Lane, Store, leftovers, mutes
from bot.store.refusals import Refused, note
from bot.store.tables import ALERTS, CHANGES, MUTES, PAYLOADS, POLLS, REFUSALS
from tests.conftest import START
from tests.integration.store.services import alert, service

DAY = 86_400.0


async def rows(store: Store, table: Table) -> int:
    question = select(func.count()).select_from(table)
    return int(await store.writer.read(lambda connection: connection.execute(question).scalar_one()))


async def forget(store: Store, clock: SteppedClock, *, changes: float = 365 * DAY) -> None:
    clock.advance(EVERY)
    await Forgetting(store, keep=30 * DAY, changes=changes).round()


async def changed(store: Store, at: datetime) -> None:
    await service(store).take_change(Change(service="fraud", version="42", at=at))


async def mute(store: Store, *, seconds: float) -> None:
    def job(connection: Connection, now: datetime) -> None:
        until = now + timedelta(seconds=seconds)
        mutes.add(connection, {"service": "fraud-scorer"}, at=now, until=until, by="U0ANA", reason="a test")

    await store.writer.submit(job, lane=Lane.CLICK)


async def test_what_was_refused_is_known_as_long_as_requests_are(store: Store, clock: SteppedClock) -> None:
    one = Refused(source="grafana", kind="not_json", count=1, reason="not JSON", bodies=(("not JSON", "{"),))
    await store.writer.submit(partial(note, refused=[one]), lane=Lane.INTAKE)
    clock.advance(29 * DAY)
    await forget(store, clock)
    assert (await rows(store, REFUSALS), await rows(store, PAYLOADS)) == (1, 1)
    clock.advance(DAY)
    await forget(store, clock)
    assert (await rows(store, REFUSALS), await rows(store, PAYLOADS)) == (0, 0)


async def test_a_change_is_kept_as_long_as_was_said(store: Store, clock: SteppedClock) -> None:
    await changed(store, START)
    clock.advance(300 * DAY)
    await changed(store, clock.now())
    await forget(store, clock)
    assert await rows(store, CHANGES) == 2
    clock.advance(70 * DAY)
    await forget(store, clock)
    assert await rows(store, CHANGES) == 1


async def test_many_changes_go_by_several_jobs(store: Store, clock: SteppedClock) -> None:
    for minute in range(5):
        await changed(store, START + timedelta(minutes=minute))
    clock.advance(2 * DAY)
    with patch.object(leftovers, "MOST_ERASED", 2):
        await forget(store, clock, changes=DAY)
    assert await rows(store, CHANGES) == 0


async def test_what_was_changed_around_an_incident_under_legal_hold_stays(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await changed(store, START - timedelta(days=31))
    await changed(store, START - timedelta(days=29))
    await here.take("alertmanager", [alert()])
    await here.handle(1, SetHold(on=True), by="U0ANA")
    clock.advance(400 * DAY)
    await forget(store, clock)
    assert await rows(store, CHANGES) == 1
    await here.handle(1, SetHold(on=False, reason="over"), by="U0ANA")
    await forget(store, clock)
    assert await rows(store, CHANGES) == 0


async def test_a_mute_that_is_over_and_the_alert_that_ended_under_it_go(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await mute(store, seconds=DAY)
    await mute(store, seconds=90 * DAY)
    await here.take("alertmanager", [alert("ended"), alert("fires")])
    await here.take("alertmanager", [alert("ended", status="resolved", ends_at=clock.now())])
    assert (await rows(store, ALERTS), await rows(store, MUTES)) == (2, 2)
    clock.advance(20 * DAY)
    await forget(store, clock)
    assert (await rows(store, ALERTS), await rows(store, MUTES)) == (2, 2)
    clock.advance(12 * DAY)
    await forget(store, clock)
    assert (await rows(store, ALERTS), await rows(store, MUTES)) == (1, 1), "what fires is to be heard some day"


async def test_alerts_of_an_incident_stay(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()])
    await here.take("alertmanager", [alert(status="resolved", ends_at=clock.now())])
    clock.advance(400 * DAY)
    await forget(store, clock)
    assert await rows(store, ALERTS) == 1


@pytest.mark.parametrize(("days", "left"), [(29, 2), (31, 1)])
async def test_a_source_that_is_not_asked_any_more_is_forgotten(
    store: Store, clock: SteppedClock, days: int, left: int
) -> None:
    assert await store.polls.turn("aliases/gone", every=timedelta(minutes=1)) is not None
    clock.advance(days * DAY)
    await forget(store, clock)
    assert await rows(store, POLLS) == left
