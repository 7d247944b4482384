"""What happens while this process holds one incident."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from unittest.mock import patch

from structlog.testing import capture_logs

from bot.clock import SteppedClock
from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, Work
from bot.incidents.incident import Incident
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw
from bot.store import Lane, Store
from tests.conftest import START
from tests.due import next_due
from tests.integration.controller.office import Begin, Office, until
from tests.unit.incidents.story import Story

Events = tuple[ev.AnyEvent, ...]
ROLLBACK = {"step": "rollback", "attempt": 1}


def start(lease_no: int = 1) -> ev.ActionStarted:
    return ev.ActionStarted(step="rollback", attempt=1, lease_no=lease_no, call="flags.set")


def approved() -> Story:
    story = Story()
    story.approved()
    return story


async def seen(_: Incident, __: Work, ___: Begin) -> Events:
    return (ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}),)


async def test_work_and_drawing_go_side_by_side(office: Office) -> None:
    both = asyncio.Barrier(2)

    async def works(incident: Incident, work: Work, begin: Begin) -> Events:
        await both.wait()
        return await seen(incident, work, begin)

    async def brings(_: Lease, __: Draw, ___: Report) -> None:
        if office.draws.brought == [1]:
            await both.wait()

    office.works.does["versions"] = works
    office.draws.brings = brings
    await office.opened()
    await office.settle()
    assert "VersionsSeen" in await office.kinds(1)


async def test_work_that_fails_at_once_does_not_keep_people_from_being_told(office: Office, store: Store) -> None:
    failed = asyncio.Event()

    async def works(_: Incident, __: Work, ___: Begin) -> Events:
        failed.set()
        raise OverflowError("a mistake in the program")

    async def brings(_: Lease, __: Draw, ___: Report) -> None:
        await failed.wait()
        for _round in range(5):  # longer than it takes to note the trouble and to let go
            await store.writer.submit(lambda _, __: None, lane=Lane.CLICK)

    office.works.does["versions"] = works
    office.draws.brings = brings
    await office.opened()
    with capture_logs() as logs:
        await office.settle()
    assert "an incident is in trouble" in [entry["event"] for entry in logs]
    assert len(office.draws.shown) == 1


async def test_rest_is_stored_only_at_what_was_drawn_otherwise_it_goes_round_again(
    office: Office, store: Store
) -> None:
    rest, rests = store.leases.rest, list[bool]()
    await office.opened()

    async def late(number: int, lease_no: int, seq: int, wake_at: datetime | None, *, drawn: bool = False) -> bool:
        if not rests:
            await office.service.handle(number, cmd.SetSeverity(severity="SEV1"), by="U1")
        rests.append(await rest(number, lease_no, seq, wake_at, drawn=drawn))
        return rests[-1]

    with patch.object(store.leases, "rest", late):
        await office.settle()
    assert rests == [False, True]
    assert ["SEV1" in str(surfaces) for surfaces in office.draws.shown] == [False, True]


async def test_the_drawing_is_made_again_when_an_event_comes_in_meanwhile(office: Office) -> None:
    number = await office.opened()

    async def brings(_: Lease, draw: Draw, __: Report) -> None:
        before = draw()
        if len(office.draws.brought) == 1:
            await office.service.handle(number, cmd.SetSeverity(severity="SEV1"), by="U1")
            await until(lambda: draw() != before)

    office.draws.brings = brings
    running = asyncio.create_task(office.controller.run())
    await until(lambda: office.draws.shown)
    assert "SEV1" in str(office.draws.shown[0])
    office.controller.stop()
    await running


async def test_fruitless_work_does_not_spin(office: Office, clock: SteppedClock) -> None:
    await office.opened()
    await office.settle()
    assert office.works.ran.count("versions") == 1
    clock.advance(14)
    await office.settle()
    assert office.works.ran.count("versions") == 1
    clock.advance(1)
    await office.settle()
    assert office.works.ran.count("versions") == 2


async def test_a_timer_that_the_log_does_not_take_is_trouble_and_does_not_spin(
    office: Office, clock: SteppedClock
) -> None:
    number = await office.opened()
    asked: list[datetime] = []

    def agenda(_: Incident, now: datetime, *, lease_no: int) -> Agenda:
        assert lease_no
        asked.append(now)
        return Agenda(due=(ev.ApprovalLapsed(**ROLLBACK),))  # type: ignore[arg-type]

    before = await office.kinds(number)
    with patch("bot.controller.stay.agenda", agenda):
        await office.settle()
        clock.advance(15)
        await office.settle()
    assert asked == [START, START + timedelta(seconds=15)]
    assert await office.kinds(number) == before


async def test_timers_that_are_due_are_appended(office: Office, clock: SteppedClock) -> None:
    story = Story()
    story.requested()
    number = await office.told(story)
    await office.settle()
    assert "ApprovalLapsed" not in await office.kinds(number)
    clock.advance(3600)
    await office.settle()
    assert (await office.kinds(number)).count("ApprovalLapsed") == 1


async def test_the_start_of_an_action_is_in_the_log_before_the_call_and_carries_the_lease(office: Office) -> None:
    number = await office.told(approved())
    at_the_call: list[str] = []

    async def act(_: Incident, work: Work, begin: Begin) -> Events:
        await begin(start())
        at_the_call.extend(await office.kinds(number))
        return (ev.ActionFinished(step=work.step, attempt=work.attempt, outcome="written"),)

    office.works.does["act"] = act
    await office.settle()
    assert at_the_call[-1] == "ActionStarted"
    assert office.works.ran.count("act") == 1
    action = (await office.service.incident(number)).state("rollback").action
    assert action is not None
    assert (action.phase, action.lease_no) == ("written", 1)


async def test_a_call_whose_approval_lapsed_is_not_made(office: Office, clock: SteppedClock) -> None:
    number = await office.told(approved())
    calls: list[str] = []

    async def act(incident: Incident, work: Work, begin: Begin) -> Events:
        action = incident.state(work.step).action
        assert action is not None
        assert action.good_until is not None
        clock.advance((action.good_until - clock.now()).total_seconds())
        await office.controller.renew()
        try:
            await begin(start())
        except Refused as refused:
            calls.append(refused.reason)
            raise
        calls.append("made")
        return ()

    office.works.does["act"] = act
    await office.settle()
    assert calls == ["approval_gone"]
    assert "ActionStarted" not in await office.kinds(number)
    assert "ApprovalLapsed" in await office.kinds(number)


async def test_an_action_that_another_process_started_is_looked_at_and_not_done_again(
    office: Office, clock: SteppedClock, store: Store
) -> None:
    story = Story()
    story.started()
    number = await office.told(story)
    assert [held.lease_no for held in await store.leases.claim("the one that died", limit=5)] == [1]
    clock.advance(31)
    await office.settle()
    assert "settle" in office.works.ran
    assert "act" not in office.works.ran
    assert (await office.kinds(number)).count("ActionStarted") == 1


async def test_a_drawing_that_was_put_off_is_made_while_work_goes_on(office: Office, clock: SteppedClock) -> None:
    twice = asyncio.Event()

    async def works(incident: Incident, work: Work, begin: Begin) -> Events:
        await twice.wait()
        return await seen(incident, work, begin)

    async def brings(_: Lease, __: Draw, ___: Report) -> datetime | None:
        if len(office.draws.brought) == 2:
            twice.set()
        return clock.now() if len(office.draws.brought) == 1 else None

    office.works.does["versions"] = works
    office.draws.brings = brings
    await office.opened()
    await office.settle()
    assert "VersionsSeen" in await office.kinds(1)


async def test_what_has_to_wait_is_a_time_to_wake_and_the_lease_is_let_go(
    office: Office, clock: SteppedClock, store: Store
) -> None:
    later = START + timedelta(seconds=7)

    async def brings(_: Lease, __: Draw, ___: Report) -> datetime | None:
        return later if len(office.draws.brought) == 1 else None

    office.draws.brings = brings
    await office.opened()
    await office.settle()
    assert office.controller.held == 0
    assert await next_due(store) == later
    clock.advance(7)
    await office.settle()
    assert office.draws.brought == [1, 1]


async def test_a_drawing_changed_by_an_upgrade_alone_waits_for_the_incidents_next_event(
    office: Office, clock: SteppedClock
) -> None:
    def upgraded(_: Incident, __: object) -> Sequence[object]:
        return ()

    number = await office.opened()
    await office.settle()
    with patch("bot.controller.stay.view", upgraded):
        clock.advance(15)  # its time to wake has come: there is work, and nothing happened
        await office.settle()
        assert office.works.ran.count("versions") == 2
        assert office.draws.brought == [number]
        await office.service.handle(number, cmd.SetSeverity(severity="SEV1"), by="U1")
        await office.settle()
        assert office.draws.brought == [number, number]


async def test_the_severest_incident_asks_for_its_slots_first_and_then_the_oldest(office: Office) -> None:
    first, second = await office.opened(), await office.opened()
    await office.service.handle(second, cmd.SetSeverity(severity="SEV1"), by="U1")
    third = await office.opened()
    await office.settle()
    ranks = dict(zip(office.draws.brought, office.draws.ranks, strict=True))
    assert sorted(ranks, key=lambda number: ranks[number]) == [second, first, third]
