"""Measurements that arrive together are one append, and nobody waits for a source that takes its time."""

from __future__ import annotations

import asyncio

import pytest

from bot.controller import gathering
from bot.controller.gathering import Gathering
from bot.errors import LeaseLost
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.runbooks.schema import Query, Runbook, Step
from tests.integration.controller.office import Begin, Office
from tests.unit.incidents.story import Story

Events = tuple[ev.AnyEvent, ...]


def note(text: str) -> ev.NoteAdded:
    return ev.NoteAdded(text=text)


class Appended:
    """The log; takes what ``takes`` says."""

    def __init__(self, error: Exception | None = None, *, refuses: str = "") -> None:
        self.appends: list[Events] = []
        self._error, self._refuses = error, refuses

    async def __call__(self, events: Events) -> Events:
        self.appends.append(events)
        if self._error is not None:
            raise self._error
        return tuple(event for event in events if event != note(self._refuses))


async def measured(gathered: Gathering, name: str, ready: asyncio.Event | None = None) -> bool:
    with gathered:
        if ready is not None:
            await ready.wait()
    return await gathered.bring((note(name),))


async def test_what_comes_together_is_appended_together() -> None:
    log, ready = Appended(), asyncio.Event()
    gathered = Gathering(log)
    work = [asyncio.create_task(measured(gathered, str(number), ready)) for number in range(20)]
    await asyncio.sleep(0)
    ready.set()
    assert all(await asyncio.gather(*work))
    assert [len(events) for events in log.appends] == [20]


async def test_a_source_that_never_answers_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "QUIET", 0.0)
    log = Appended()
    gathered = Gathering(log)
    slow = asyncio.create_task(measured(gathered, "slow", asyncio.Event()))
    await asyncio.sleep(0)
    assert await measured(gathered, "quick")
    assert log.appends == [(note("quick"),)]
    slow.cancel()


async def test_a_measurement_that_the_log_did_not_take_is_told_so_and_the_others_are_not() -> None:
    gathered = Gathering(Appended(refuses="late"))
    late, in_time = await asyncio.gather(measured(gathered, "late"), measured(gathered, "in time"))
    assert (late, in_time) == (False, True)


async def test_a_lost_lease_is_told_to_everybody_whose_results_it_was_about() -> None:
    gathered, ready = Gathering(Appended(LeaseLost("gone"))), asyncio.Event()
    work = [asyncio.create_task(measured(gathered, str(number), ready)) for number in range(3)]
    await asyncio.sleep(0)
    ready.set()
    found = await asyncio.gather(*work, return_exceptions=True)
    assert [type(one) for one in found] == [LeaseLost] * 3


async def test_twenty_queries_of_an_incident_are_one_append_and_one_more_drawing(office: Office) -> None:
    story = Story()
    steps = tuple(
        Step(id=f"q{number}", phase="measure", spec=Query(source="prometheus", promql="x")) for number in range(20)
    )
    runbook = Runbook(id="r", version=1, title="R", failure_mode="performance", owner="o", summary="s", steps=steps)
    story.tell(ev.RunbookAttached(runbook=runbook))

    async def measure(_: Incident, work: Work, __: Begin) -> Events:
        return (ev.StepMeasured(step=work.step, attempt=work.attempt, verdict="ok", because="fine"),)

    office.works.does["measure"] = measure
    number = await office.told(story)
    await office.settle()
    assert (await office.kinds(number)).count("StepMeasured") == 20
    assert len(office.draws.shown) <= 2
