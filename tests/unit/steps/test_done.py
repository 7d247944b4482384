from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.incidents import events as ev
from bot.runbooks.steps import confirm, settle
from tests.unit.steps.scene import ALERT, ROLLBACK, World, approved, context, incident, step

STEP = step(ROLLBACK)


def started(**changes: Any) -> ev.ActionStarted:
    return ev.ActionStarted(step="it", attempt=1, lease_no=3, call="flags.set", **changes)


WRITTEN = ev.ActionFinished(step="it", attempt=1, outcome="written")
HELD = ev.ActionLooked(step="it", attempt=1, share=0.995, holds=True)
#: The second in which ``started`` is, by the scene's clock: a second for each event.
STARTED_AT = ALERT + timedelta(seconds=6)


async def confirmed(traffic: Any, *events: ev.AnyEvent) -> tuple[ev.AnyEvent, ...]:
    world = World()
    world.traffic = traffic
    return await confirm(context(incident(STEP, events=[*approved(), started(), WRITTEN, *events]), world), STEP)


async def settled(
    traffic: Any, *events: ev.AnyEvent, now: datetime, was_done: bool = False
) -> tuple[ev.AnyEvent, ...]:
    world = World()
    world.traffic = traffic
    head = incident(STEP, events=[*approved(), started(was_done=was_done), *events])
    return await settle(context(head, world, now=now), STEP)


async def test_one_look_at_enough_traffic_is_not_enough() -> None:
    assert await confirmed({"41": 995.0, "42": 5.0}) == (HELD,)


async def test_enough_traffic_twice_in_a_row_confirms() -> None:
    assert await confirmed({"41": 995.0, "42": 5.0}, HELD) == (
        HELD, ev.ActionConfirmed(step="it", attempt=1, share=0.995),
    )  # fmt: skip


async def test_a_look_between_that_does_not_hold_begins_the_row_anew() -> None:
    between = ev.ActionLooked(step="it", attempt=1, share=0.5, holds=False)
    assert await confirmed({"41": 1000.0}, HELD, between) == (
        ev.ActionLooked(step="it", attempt=1, share=1.0, holds=True),
    )


@pytest.mark.parametrize(
    "traffic", [{}, {"42": "NaN"}, httpx.ReadTimeout("slow"), httpx.Response(200, text="<html>")]
)
async def test_a_look_that_sees_nothing_does_not_hold(traffic: Any) -> None:
    assert await confirmed(traffic, HELD) == (ev.ActionLooked(step="it", attempt=1, share=None, holds=False),)


async def test_the_mere_existence_of_the_version_is_not_enough() -> None:
    assert await confirmed({"41": 900.0, "42": 100.0}, HELD) == (
        ev.ActionLooked(step="it", attempt=1, share=0.9, holds=False),
    )


async def test_a_lost_answer_is_settled_by_traffic_that_holds_and_did_not_before() -> None:
    late = STARTED_AT + timedelta(minutes=10)
    assert await settled({"41": 995.0, "42": 5.0}, now=late) == (HELD,)
    assert (await settled({"41": 995.0, "42": 5.0}, HELD, now=late))[1] == ev.ActionConfirmed(
        step="it", attempt=1, share=0.995, settled=True
    )


async def test_traffic_that_could_hold_before_the_call_settles_nothing() -> None:
    (_, unknown) = await settled({"41": 1000.0}, now=STARTED_AT, was_done=True)
    assert isinstance(unknown, ev.ActionUnknown)
    assert unknown.because == (
        "the call's answer was lost, and traffic cannot tell: it could not be told apart before the call"
    )


async def test_a_lost_answer_is_waited_for_until_the_lag_is_over_and_is_unknown_then() -> None:
    before = STARTED_AT + timedelta(seconds=58)
    (looked,) = await settled({"42": 1000.0}, now=before)
    assert looked == ev.ActionLooked(step="it", attempt=1, share=0.0, holds=False)
    (_, unknown) = await settled({"42": 1000.0}, now=STARTED_AT + timedelta(seconds=60))
    assert unknown == ev.ActionUnknown(
        step="it", attempt=1, because="the call's answer was lost: v41 serves 0 % after 60 s"
    )


async def test_a_lost_answer_with_the_metrics_away_is_unknown_after_the_lag() -> None:
    (_, unknown) = await settled(httpx.ConnectError("no"), now=STARTED_AT + timedelta(minutes=2))
    assert unknown == ev.ActionUnknown(
        step="it", attempt=1, because="the call's answer was lost: prometheus cannot be reached"
    )
