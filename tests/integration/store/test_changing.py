"""A change is told to the open incidents that it may be about, once no step of theirs looks for it any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.changes.change import Change
from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.files import SHIPPED, read_runbooks
from bot.incidents import commands as cmd
from bot.incidents.events import ChangeReported, StepMeasured
from bot.incidents.incident import Incident
from bot.incidents.timeline import timeline
from bot.runbooks.loading import load_library
from bot.runbooks.service import Service as Described
from bot.service import Declaration, Service
from bot.slack.view.changed import changed
from bot.store import Store

SERVICES = {
    "fraud-scorer": Described(name="fraud-scorer", dependencies=("feature-store",)),
    "ranker": Described(name="ranker"),
}


@pytest.fixture
def service(store: Store) -> Service:
    library = load_library(read_runbooks(SHIPPED))
    return Service(store, settings=Settings(services=SERVICES), library=library)


async def begun(service: Service, name: str = "fraud-scorer", *, measured: bool = True) -> Incident:
    """Open; ``measured``: its step has looked for changes already."""
    head = await service.declare(Declaration(title="recall down", service=name), by="U1", team_id="T1")
    looked = [step.id for step in head.walk() if getattr(step.spec, "source", "") == "changes"]
    assert looked
    events = tuple(StepMeasured(step=step, attempt=1, verdict="ok", because="nothing") for step in looked)
    if measured:
        await service.handle(head.number, cmd.Report(events=events), by="evenkeel")
    return head


async def told(service: Service, head: Incident) -> list[str]:
    return [
        line.text for line in timeline(await service.entries(head.number)) if line.kind == ChangeReported.__name__
    ]


def change(clock: SteppedClock, name: str = "fraud-scorer", *, hours: float = 0.0, run: str = "1") -> Change:
    at = clock.now() - timedelta(hours=hours)
    return Change(service=name, at=at, kind="deploy", version="43", by="ana", source="ci", external=run)


async def test_a_release_during_an_incident_stands_in_its_timeline_and_on_its_card_once(
    service: Service, clock: SteppedClock
) -> None:
    head = await begun(service)
    clock.advance(60)
    for _ in range(2):
        await service.take_change(change(clock))
    at = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    assert await told(service, head) == [f"fraud-scorer: v43 released {at} (by ana)"]
    (line,) = changed(await service.incident(head.number))
    assert line.startswith("Meanwhile: v43 released ")


async def test_a_change_of_what_it_depends_on_is_told_and_named(service: Service, clock: SteppedClock) -> None:
    head, other = await begun(service), await begun(service, "ranker")
    clock.advance(60)
    await service.take_change(change(clock, "feature-store"))
    assert len(await told(service, head)) == 1
    assert await told(service, other) == []
    (line,) = changed(await service.incident(head.number))
    assert line.startswith("Meanwhile: feature-store: v43 released ")


async def test_what_a_step_will_find_by_itself_is_not_told_twice(service: Service, clock: SteppedClock) -> None:
    head = await begun(service, measured=False)
    await service.take_change(change(clock))
    assert await told(service, head) == []


async def test_what_is_old_or_about_an_incident_that_is_over_is_no_news(
    service: Service, clock: SteppedClock
) -> None:
    head = await begun(service)
    await service.take_change(change(clock, hours=25))
    assert await told(service, head) == []
    await service.handle(head.number, cmd.Cancel(reason="no"), by="U1")
    await service.take_change(change(clock, run="2"))
    assert await told(service, head) == []


async def test_a_release_that_is_reported_too_late_is_looked_for_once_more(
    service: Service, clock: SteppedClock
) -> None:
    head = await begun(service)
    await service.take_change(change(clock, hours=0.2))
    assert await told(service, head) == []
    again = await service.incident(head.number)
    (step,) = [step.id for step in again.walk() if getattr(step.spec, "source", "") == "changes"]
    assert (again.state(step).verdict, again.state(step).attempt) == (None, 2)


async def test_the_last_two_stand_on_the_card(service: Service, clock: SteppedClock) -> None:
    head = await begun(service)
    clock.advance(60)
    for run in ("1", "2", "3", "4"):
        await service.take_change(change(clock, run=run))
    (line,) = changed(await service.incident(head.number))
    assert line.count("released") == 2
    assert len(await told(service, head)) == 4
