"""Which of the last versions could serve at once: read like any measurement, and checked before a rollback."""

from __future__ import annotations

from typing import Any

import httpx
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.targets import target_of
from bot.runbooks.schema import Query
from bot.runbooks.steps import act
from bot.runbooks.steps.readiness import see_readiness
from bot.slack.view.readiness import readiness
from tests.unit.steps.scene import ROLLBACK, SEEN, World, approved, context, incident, step

READY = Query(source="prometheus", name="readiness", promql="min by (version) (model_ready)")


async def seen(answer: Any) -> ev.ReadinessSeen:
    world, head = World(), incident(step(ROLLBACK))
    assert head.runbook is not None
    world.queries = {READY.promql or "": answer}
    head = replace(head, runbook=replace(head.runbook, readiness=READY))
    (found,) = await see_readiness(context(head, world))
    assert isinstance(found, ev.ReadinessSeen)
    return found


async def test_the_newest_versions_are_told_by_their_label() -> None:
    found = await seen({"9": 1.0, "42": 1.0, "41": 1.0, "40": 0.0, "39": 1.0})
    assert list(found.ready.items()) == [("42", True), ("41", True), ("40", False), ("39", True)]


async def test_a_source_that_is_away_or_names_no_version_says_so() -> None:
    assert (await seen(httpx.ReadTimeout("slow"))).because == "prometheus did not answer within 10 s"
    assert (await seen(1.0)).because == "prometheus names no version; sum by (version)"


def test_the_card_says_which_versions_are_ready_and_which_are_not() -> None:
    head = incident(step(ROLLBACK), events=[SEEN, ev.ReadinessSeen(ready={"42": True, "41": True, "40": False})])
    assert readiness(head) == ["Ready to serve: v41 · :warning: not ready: v40"]


def test_a_target_that_is_not_ready_needs_a_second_confirmation() -> None:
    ready = incident(step(ROLLBACK), events=[SEEN, ev.ReadinessSeen(ready={"41": True})])
    missing = incident(step(ROLLBACK), events=[SEEN, ev.ReadinessSeen(ready={"41": False})])
    unknown = incident(step(ROLLBACK), events=[SEEN, ev.ReadinessSeen(because="away")])
    assert target_of(ready, ROLLBACK).unsure == ()
    assert target_of(missing, ROLLBACK).unsure == ("41 is not ready to serve",)
    assert target_of(unknown, ROLLBACK).unsure == ("whether 41 is ready to serve is not known",)


def test_a_rollback_that_is_asked_for_before_it_was_read_needs_a_second_confirmation_too() -> None:
    early = incident(step(ROLLBACK), events=[SEEN])
    assert target_of(early, ROLLBACK).unsure == (), "the service does not say which versions are ready"
    assert early.runbook is not None
    early = replace(early, runbook=replace(early.runbook, readiness=READY))
    assert target_of(early, ROLLBACK).unsure == ("whether 41 is ready to serve is still being read",)


async def acted(ready: Any, *events: ev.AnyEvent) -> str:
    """What came of an approved rollback to v41 while the service answers ``ready``."""
    world, the_step = World(), step(ROLLBACK)
    world.queries = {READY.promql or "": ready}
    head = incident(the_step, events=[*approved()[:-1], *(events or approved()[-1:])])
    assert head.runbook is not None
    head = replace(head, runbook=replace(head.runbook, readiness=READY))

    async def begin(_: ev.ActionStarted | ev.CallStarted) -> None:
        assert not world.writes()

    (finished,) = await act(context(head, world), the_step, begin)
    assert isinstance(finished, ev.ActionFinished)
    assert bool(world.writes()) is (finished.outcome == "written")
    return finished.because or finished.outcome


async def test_a_target_that_is_not_ready_any_more_is_not_gone_to() -> None:
    because = "nothing was changed: v41 is not ready to serve; ask again to go there all the same"
    assert await acted({"42": 1.0, "41": 0.0}) == because
    assert await acted({"42": 1.0, "41": 1.0}) == "written"


async def test_whoever_was_told_that_it_is_not_ready_and_said_yes_has_decided() -> None:
    told = ev.ReadinessSeen(ready={"41": False})
    yes = ev.Approved(step="it", attempt=1, confirmed=("41 is not ready to serve",))
    assert await acted({"41": 0.0}, told, yes) == "written"


async def test_readiness_that_cannot_be_read_holds_no_rollback_up() -> None:
    assert await acted(httpx.ReadTimeout("slow")) == "written"
