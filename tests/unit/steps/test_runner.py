from __future__ import annotations

from datetime import datetime

import httpx
import pytest
from msgspec.structs import replace

from bot.connectors import Connectors
from bot.incidents import events as ev
from bot.incidents.agenda import Work, WorkKind
from bot.runbooks.schema import Compare, Spec, Task, Watch
from bot.runbooks.steps import STEPS, StepRunner
from tests.unit.steps.scene import CONNECTORS, NOW, ROLLBACK, World, approved, computed, incident, step
from tests.unit.steps.test_query import ERRORS


def runner(world: World) -> StepRunner:
    async def nothing(service: str, *, since: datetime) -> tuple[()]:
        return ()

    connectors = Connectors(CONNECTORS, transport=httpx.MockTransport(world))
    return StepRunner(connectors=connectors, changes=nothing, compute=computed, now=lambda: NOW)


async def begin(_: ev.ActionStarted | ev.CallStarted) -> None:
    """The log takes it."""


@pytest.mark.parametrize(
    ("kind", "spec", "event"),
    [
        ("versions", ROLLBACK, ev.VersionsSeen),
        ("measure", ERRORS, ev.StepMeasured),
        ("measure", Compare(source="evaluator", metric="recall"), ev.StepMeasured),
        ("act", ROLLBACK, ev.ActionFinished),
        ("confirm", ROLLBACK, ev.ActionLooked),
    ],
)
async def test_every_kind_of_work_comes_to_events(kind: WorkKind, spec: Spec, event: type) -> None:
    head = incident(step(spec), events=approved())
    found = await runner(World())(head, Work(kind=kind, step="it"), lease_no=7, begin=begin)
    assert type(found[-1]) is event


@pytest.mark.parametrize("kind", ["measure", "act", "confirm", "settle", "look"])
async def test_work_on_a_step_that_is_not_of_its_kind_comes_to_nothing(kind: WorkKind) -> None:
    world = World()
    for head in (incident(step(Task(text="x"))), incident(step(Watch(checks=()))), incident(step(ROLLBACK))):
        assert await runner(world)(head, Work(kind=kind, step="it"), lease_no=7, begin=begin) == ()
        assert await runner(world)(head, Work(kind=kind, step="gone"), lease_no=7, begin=begin) == ()
        bare = replace(head, runbook=None)
        assert await runner(world)(bare, Work(kind=kind, step="it"), lease_no=7, begin=begin) == ()
    assert world.asked == []


def test_every_measuring_kind_has_its_function() -> None:
    from bot.incidents.walk import measures

    for kind in STEPS:
        assert kind.__name__ == "Unconfigured" or measures(step(ERRORS if kind is type(ERRORS) else _example(kind)))


def _example(kind: type) -> Spec:
    from bot.runbooks.schema import Queries

    return Queries(queries=(ERRORS,)) if kind is Queries else Compare(source="evaluator", metric="recall")
