from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.steps import confirm, settle
from tests.unit.steps.scene import ALERT, NOW, ROLLBACK, World, approved, context, incident, step

STEP = step(ROLLBACK)


def started(**changes: Any) -> ev.ActionStarted:
    return ev.ActionStarted(step="it", attempt=1, lease_no=3, call="flags.set", **changes)


WRITTEN = ev.ActionFinished(step="it", attempt=1, outcome="written")
HELD = ev.ActionLooked(step="it", attempt=1, share=0.995, holds=True)
#: The second in which ``started`` is, by the scene's clock: a second for each event.
STARTED_AT = ALERT + timedelta(seconds=6)


async def confirmed(traffic: Any, *events: ev.AnyEvent, now: datetime = NOW) -> tuple[ev.AnyEvent, ...]:
    world = World()
    world.traffic = traffic
    head = incident(STEP, events=[*approved(), started(), WRITTEN, *events])
    return await confirm(context(head, world, now=now), STEP)


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


#: When the budget of five minutes is over: the approval stands a second before the start.
OVERDUE = STARTED_AT + timedelta(seconds=-1, minutes=5)


@pytest.mark.parametrize(
    ("traffic", "because"),
    [
        ({"41": 30.0, "42": 970.0}, "the call was accepted, but v41 has 3 % of traffic after 5 min"),
        ({"42": 1000.0}, "the call was accepted, but v41 has 0 % of traffic after 5 min"),
        ({}, "the call was accepted, but 5 min later there is no traffic"),
        (httpx.ConnectError("no"), "the call was accepted, but 5 min later prometheus cannot be reached"),
    ],
)
async def test_an_accepted_call_that_traffic_does_not_show_is_unknown_when_the_budget_is_over(
    traffic: Any, because: str
) -> None:
    (looked,) = await confirmed(traffic, now=OVERDUE - timedelta(seconds=1))
    assert isinstance(looked, ev.ActionLooked)
    (_, unknown) = await confirmed(traffic, now=OVERDUE)
    assert unknown == ev.ActionUnknown(step="it", attempt=1, because=because)


async def test_a_call_late_in_the_budget_is_given_the_time_that_the_metrics_lag_behind() -> None:
    short = step(replace(ROLLBACK, budget=30.0))
    world = World()
    head = incident(short, events=[*approved(), started(), WRITTEN])
    over = STARTED_AT + timedelta(seconds=61)
    assert len(await confirm(context(head, world, now=over - timedelta(seconds=1)), short)) == 1
    assert len(await confirm(context(head, world, now=over), short)) == 2


async def test_an_accepted_call_that_holds_at_last_is_not_in_doubt() -> None:
    assert await confirmed({"41": 1000.0}, now=OVERDUE) == (
        ev.ActionLooked(step="it", attempt=1, share=1.0, holds=True),
    )


async def test_an_accepted_call_in_doubt_is_confirmed_by_traffic_and_not_doubted_twice() -> None:
    doubt = ev.ActionUnknown(step="it", attempt=1)
    late = OVERDUE + timedelta(minutes=10)
    assert await confirmed({"42": 1000.0}, doubt, now=late) == (
        ev.ActionLooked(step="it", attempt=1, share=0.0, holds=False),
    )
    assert await confirmed({"41": 995.0, "42": 5.0}, doubt, HELD, now=late) == (
        HELD, ev.ActionConfirmed(step="it", attempt=1, share=0.995),
    )  # fmt: skip


async def test_a_lost_answer_in_doubt_is_settled_by_traffic_and_not_doubted_twice() -> None:
    doubt = ev.ActionUnknown(step="it", attempt=1)
    late = OVERDUE + timedelta(minutes=10)
    assert len(await settled({"42": 1000.0}, doubt, now=late)) == 1
    assert (await settled({"41": 995.0, "42": 5.0}, doubt, HELD, now=late))[1] == ev.ActionConfirmed(
        step="it", attempt=1, share=0.995, settled=True
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
