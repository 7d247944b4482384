"""An action's call is made once, and what came of it is written down, whatever happens meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import SteppedClock
from bot.connectors.client import LONGEST_CALL
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.runbooks.steps.action import LONGEST_ACTION, READ_AGAIN
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw
from tests.integration.controller.office import Begin, Office, until
from tests.integration.controller.test_one_incident import approved, start
from tests.patience import PATIENCE

Events = tuple[ev.AnyEvent, ...]


class Call:
    """An action whose call is answered when the test lets it."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.answered = asyncio.Event()

    async def __call__(self, _: Incident, work: Work, begin: Begin) -> Events:
        await begin(start())
        self.begun.set()
        await self.answered.wait()
        return (ev.ActionFinished(step=work.step, attempt=work.attempt, outcome="written"),)


@pytest.mark.parametrize(("seconds_left", "calls"), [(15.1, ["made"]), (14.9, [])])
async def test_an_action_starts_only_if_the_lease_outlives_the_last_reading_and_the_call(
    office: Office, clock: SteppedClock, seconds_left: float, calls: list[str]
) -> None:
    assert READ_AGAIN + LONGEST_CALL == LONGEST_ACTION == 15
    number = await office.told(approved())
    made: list[str] = []

    async def act(_: Incident, __: Work, begin: Begin) -> Events:
        clock.advance(30 - seconds_left)
        await begin(start())
        made.append("made")
        return ()

    office.works.does["act"] = act
    await office.settle()
    assert made == calls
    assert ("ActionStarted" in await office.kinds(number)) is bool(calls)


async def test_at_the_end_of_the_process_a_call_under_way_is_waited_for_and_written_down(office: Office) -> None:
    number, call = await office.told(approved()), Call()
    office.works.does["act"] = call
    running = asyncio.create_task(office.controller.run())
    await asyncio.wait_for(call.begun.wait(), PATIENCE)
    stay = office.controller._stays[number]
    office.controller.stop()
    await until(lambda: stay.task and stay.task.cancelling())
    assert not running.done()
    call.answered.set()
    await asyncio.wait_for(running, PATIENCE)
    assert (await office.kinds(number))[-2:] == ["ActionStarted", "ActionFinished"]


async def test_an_action_that_has_not_begun_keeps_nobody_from_ending(office: Office) -> None:
    number, planning = await office.told(approved()), asyncio.Event()

    async def act(_: Incident, __: Work, begin: Begin) -> Events:
        planning.set()
        await asyncio.Event().wait()
        await begin(start())
        return ()

    office.works.does["act"] = act
    running = asyncio.create_task(office.controller.run())
    await asyncio.wait_for(planning.wait(), PATIENCE)
    office.controller.stop()
    await asyncio.wait_for(running, PATIENCE)
    assert "ActionStarted" not in await office.kinds(number)


async def test_trouble_elsewhere_does_not_cut_a_call_off(office: Office) -> None:
    number, call = await office.told(approved()), Call()

    async def brings(_: Lease, __: Draw, ___: Report) -> None:
        await call.begun.wait()
        asyncio.get_running_loop().call_soon(call.answered.set)
        raise ZeroDivisionError("a mistake in the program")

    office.works.does["act"] = call
    office.draws.brings = brings
    await office.settle()
    assert "ActionFinished" in await office.kinds(number)
