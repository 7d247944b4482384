"""The loop: claims what is due, keeps its leases, and one incident in trouble is alone with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from structlog.testing import capture_logs

from bot.clock import SteppedClock, SystemClock
from bot.errors import DatabaseAway
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw
from bot.store import Lane, Store
from bot.store.leases import LEASE
from tests.conftest import START, Opener
from tests.due import next_due
from tests.integration.controller.office import Begin, Office, until
from tests.unit.incidents.story import Story

Events = tuple[ev.AnyEvent, ...]


class Hold:
    """Work that goes on until the test lets it."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.go_on = asyncio.Event()
        self.ended: list[int] = []

    async def __call__(self, incident: Incident, _: Work, __: Begin) -> Events:
        self.begun.append(incident.number)
        try:
            await self.go_on.wait()
        finally:
            self.ended.append(incident.number)
        return (ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}),)


@contextmanager
def statements(beginning: str) -> Iterator[list[str]]:
    """Those that any database gets while the block runs."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith(beginning):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_what_is_due_is_claimed_brought_to_rest_and_let_go(office: Office, store: Store) -> None:
    numbers = [await office.opened(), await office.opened()]
    await office.settle()
    assert sorted(office.draws.brought) == numbers
    assert office.controller.held == 0
    assert await office.controller.claim_due() == 0
    assert await next_due(store) == START + timedelta(seconds=15)  # nobody holds anything


async def test_an_incident_in_trouble_does_not_take_the_others_along_and_is_tried_again(
    office: Office, clock: SteppedClock
) -> None:
    first, second = await office.opened(), await office.opened()

    async def brings(held: Lease, _: Draw, __: Report) -> None:
        if held.number == first and office.draws.brought.count(first) == 1:
            raise ZeroDivisionError("a mistake in the program")

    office.draws.brings = brings
    with capture_logs() as logs:
        await office.settle()
    assert [(entry["event"], entry["incident"]) for entry in logs if entry["log_level"] == "error"] == [
        ("an incident is in trouble", first)
    ]
    assert len(office.draws.shown) == 1
    clock.advance(14)
    await office.settle()
    assert sorted(office.draws.brought) == [first, second]
    clock.advance(1)
    await office.settle()
    assert sorted(office.draws.brought) == [first, first, second]


async def test_a_lost_lease_stops_the_work(office: Office, clock: SteppedClock, store: Store) -> None:
    number, hold = await office.opened(), Hold()
    office.works.does["versions"] = hold
    await office.controller.claim_due()
    await until(lambda: hold.begun)
    clock.advance(31)
    assert [held.number for held in await store.leases.claim("another", limit=5)] == [number]
    await office.controller.renew()
    await until(lambda: not office.controller.held)
    assert hold.ended == [number]
    assert "VersionsSeen" not in await office.kinds(number)


async def test_what_was_found_under_a_lost_lease_is_not_written(
    office: Office, clock: SteppedClock, store: Store
) -> None:
    number, hold = await office.opened(), Hold()
    office.works.does["versions"] = hold
    await office.controller.claim_due()
    await until(lambda: hold.begun)
    clock.advance(31)
    await store.leases.claim("another", limit=5)
    hold.go_on.set()  # before it is known that the lease is lost
    await until(lambda: not office.controller.held)
    assert "VersionsSeen" not in await office.kinds(number)


async def test_leases_of_thirty_seconds_are_renewed_every_ten(
    office: Office, clock: SteppedClock, store: Store
) -> None:
    number, hold, rounds = await office.opened(), Hold(), asyncio.Queue[None]()
    office.works.does["versions"] = hold
    office.while_asleep = rounds.get
    running = asyncio.create_task(office.controller.run())
    await until(lambda: hold.begun and office.renewals)
    for _ in range(6):
        clock.advance(office.renewals[-1])
        before = len(office.renewals)
        rounds.put_nowait(None)
        await until(lambda: len(office.renewals) > before)  # noqa: B023 - called within the round
        assert await store.leases.claim("another", limit=5) == []
    assert (LEASE, set(office.renewals)) == (timedelta(seconds=30), {10.0})
    hold.go_on.set()
    await until(lambda: not office.controller.held)
    office.controller.stop()
    await running
    assert "VersionsSeen" in await office.kinds(number)


async def test_all_leases_are_renewed_in_one_statement(office: Office) -> None:
    hold = Hold()
    office.works.does["versions"] = hold
    numbers = [await office.opened() for _ in range(5)]
    await office.controller.claim_due()
    await until(lambda: len(hold.begun) == 5)
    with statements("UPDATE incidents SET lease_until") as sent:
        await office.controller.renew()
    assert len(sent) == 1
    hold.go_on.set()
    await office.settle()
    assert sorted(hold.ended) == numbers


async def test_no_more_incidents_are_held_than_are_worked_on_at_once(store: Store, clock: SteppedClock) -> None:
    office, hold = Office(store, clock, at_once=2), Hold()
    office.works.does["versions"] = hold
    for _ in range(3):
        await office.opened()
    assert await office.controller.claim_due() == 2
    assert await office.controller.claim_due() == 0
    hold.go_on.set()
    await office.settle()
    assert sorted(hold.begun) == [1, 2, 3]


async def test_what_is_held_at_the_end_is_let_go_and_another_need_not_wait_for_the_lease(
    office: Office, store: Store
) -> None:
    number, hold = await office.opened(), Hold()
    office.works.does["versions"] = hold
    running = asyncio.create_task(office.controller.run())
    await until(lambda: hold.begun)
    office.controller.stop()
    await running
    assert hold.ended == [number]
    assert [(held.number, held.lease_no) for held in await store.leases.claim("another", limit=5)] == [(number, 2)]


async def test_what_only_a_newer_replica_can_read_is_let_go_at_once(office: Office, store: Store) -> None:
    number, hold = await office.opened(), Hold()
    office.works.does["versions"] = hold
    await office.controller.claim_due()
    await until(lambda: hold.begun)
    newer = "UPDATE incidents SET schema = 99"  # what a newer replica's click does
    await store.writer.submit(lambda connection, _: connection.execute(text(newer)).close(), lane=Lane.CLICK)
    await office.controller.claim_due()  # looks again
    await until(lambda: not office.controller.held)
    assert await office.controller.claim_due() == 0
    assert await next_due(store) is None
    assert hold.ended == [number]


async def test_an_event_is_worked_on_at_once(office: Office) -> None:
    running = asyncio.create_task(office.controller.run())
    with patch("bot.controller.controller.POLL_EVERY", 3600.0):
        await until(lambda: office.controller.turned_at)
        number = await office.opened()
        await until(lambda: office.draws.brought == [number])
        office.controller.stop()
        await running


async def test_while_the_database_is_away_it_goes_on_looking(office: Office, store: Store) -> None:
    hold = Hold()
    office.works.does["versions"] = hold
    number = await office.opened()
    await office.controller.claim_due()
    await until(lambda: hold.begun)

    async def away(*_: object, **__: object) -> None:
        raise DatabaseAway("The database does not answer.")

    with patch.object(store.leases, "claim", away), patch.object(store.leases, "renew", away):
        assert await office.controller.claim_due() == 0
        await office.controller.renew()
    assert office.controller.held == 1
    hold.go_on.set()
    await office.settle()
    assert "VersionsSeen" in await office.kinds(number)


class Late(SystemClock):
    """A machine whose clock is five minutes late."""

    def now(self) -> datetime:
        return super().now() - timedelta(minutes=5)


@pytest.mark.postgres
async def test_what_is_due_by_the_databases_clock_is_done_though_this_machines_is_late(
    postgres_url: str, opened: Opener
) -> None:
    clock = Late()
    store = opened(postgres_url, by=clock)
    office, story = Office(store, clock), Story()
    story.now = SystemClock().now() - timedelta(minutes=17)  # and 15 minutes is how long it can be decided
    story.requested()
    number = await office.told(story)
    await office.settle()
    assert (await office.kinds(number)).count("ApprovalLapsed") == 1


async def test_a_click_while_it_is_held_is_seen_without_a_new_claim(office: Office) -> None:
    number, hold = await office.opened(), Hold()
    office.works.does["versions"] = hold
    running = asyncio.create_task(office.controller.run())
    await until(lambda: office.draws.brought == [number])
    await office.service.handle(number, cmd.SetSeverity(severity="SEV1"), by="U1")
    await until(lambda: len(office.draws.shown) > 1)
    assert "SEV1" in str(office.draws.shown[-1])
    assert (await office.service.incident(number)).versions is None  # the work still goes on
    office.controller.stop()
    await running
