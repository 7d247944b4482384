"""A crash anywhere is mended by doing the comparison again: the same workspace, and nothing twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.plan import Standing
from tests.unit.slack.reconcile.process import Dead, Process
from tests.unit.slack.reconcile.virtual_time import run
from tests.unit.slack.reconcile.world import Fault, World

FAULTS: list[Fault] = ["lose_answer", "drop_before", "429", "500_before", "500_after", "slow"]
#: more than a whole opening has
POINTS = 60
#: seconds after which nothing is under way inside Slack any more
LATEST_ANSWER = 5.0


async def life(world: World, *, dies_at: int | None) -> None:
    """One process from its start to rest, or to its death."""
    try:
        await Process(world, dies_at=dies_at).to_rest()
    except Dead:
        return


async def story(*, deaths: list[int], faults: dict[int, Fault], in_thread: bool = False) -> World:
    """An opening, then a change; processes die on the way, and another one takes over at once."""
    world = World(faults)
    world.access.channels_may_be_created = not in_thread
    for dies_at in (*deaths, None):
        await life(world, dies_at=dies_at)
    await asyncio.sleep(LATEST_ANSWER)  # a dead process's old drawing may still arrive, until the next event mends it
    world.incident.title = "recall recovered"
    world.incident.more = ("What should we learn?",)
    for dies_at in (*deaths[::-1], None):
        await life(world, dies_at=dies_at)
    await asyncio.sleep(LATEST_ANSWER)
    return world


def undisturbed(*, in_thread: bool = False) -> Any:
    return run(story(deaths=[], faults={}, in_thread=in_thread)).snapshot()


CALM = {in_thread: undisturbed(in_thread=in_thread) for in_thread in (False, True)}


@pytest.mark.parametrize("dies_at", range(POINTS))
def test_after_a_crash_at_any_point_of_the_opening_everything_is_there_once(dies_at: int) -> None:
    world = run(story(deaths=[dies_at], faults={}))
    assert world.snapshot() == CALM[False]


@pytest.mark.parametrize("number", range(18))
@pytest.mark.parametrize("fault", FAULTS)
def test_after_any_fault_of_any_call_everything_is_there_once(fault: Fault, number: int) -> None:
    world = run(story(deaths=[], faults={number: fault}))
    assert world.snapshot() == CALM[False]


@settings(max_examples=150, deadline=None)
@given(
    deaths=st.lists(st.integers(0, POINTS), max_size=4),
    faults=st.dictionaries(st.integers(0, 40), st.sampled_from(FAULTS), max_size=6),
    in_thread=st.booleans(),
)
def test_whatever_crashes_and_faults_come_together_everything_is_there_once(
    deaths: list[int], faults: dict[int, Fault], in_thread: bool
) -> None:
    world = run(story(deaths=deaths, faults=faults, in_thread=in_thread))
    assert world.snapshot() == CALM[in_thread]


@settings(max_examples=60, deadline=None)
@given(deaths=st.lists(st.integers(0, POINTS), max_size=3))
def test_after_crashes_nobody_is_left_in_doubt(deaths: list[int]) -> None:
    rows: list[Standing] = list(run(story(deaths=deaths, faults={})).rows.values())
    assert {row.state for row in rows} == {"placed"}
