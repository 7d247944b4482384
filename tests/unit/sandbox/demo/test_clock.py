"""The demo's clock: the machine's timer, and jumps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.sandbox.demo.clock import DemoClock
from tests.patience import PATIENCE

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Timer:
    """A machine's steady timer that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def clock(timer: Timer) -> DemoClock:
    return DemoClock(start=NOON, timer=timer)


def test_it_goes_on_as_the_machine_does(clock: DemoClock, timer: Timer) -> None:
    assert clock.now() == NOON
    timer.seconds += 1.5
    assert clock.now() == NOON + timedelta(seconds=1.5)
    assert clock.ahead() == timedelta(0)


def test_what_was_jumped_is_what_it_is_ahead(clock: DemoClock, timer: Timer) -> None:
    assert clock.jump(600) == NOON + timedelta(minutes=10)
    timer.seconds += 1
    clock.jump(0.5)
    assert clock.now() == NOON + timedelta(minutes=10, seconds=1.5)
    assert clock.ahead() == timedelta(minutes=10, seconds=0.5)


def test_it_never_goes_back(clock: DemoClock) -> None:
    with pytest.raises(ValueError, match="does not go back"):
        clock.jump(-1)


def test_it_tells_universal_time() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=2)))
    assert DemoClock(start=east, timer=Timer()).now().tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        DemoClock(start=NOON.replace(tzinfo=None))


async def test_whoever_waits_for_a_moment_goes_on_when_a_jump_reaches_it(clock: DemoClock) -> None:
    waiting = asyncio.create_task(clock.reaches(NOON + timedelta(hours=1)))
    await asyncio.sleep(0)
    clock.jump(3599)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.jump(1)
    async with asyncio.timeout(PATIENCE):
        await waiting


async def test_waiting_is_over_by_itself_when_the_time_has_come() -> None:
    clock = DemoClock(start=NOON)
    async with asyncio.timeout(PATIENCE):
        await clock.sleep(0.02)
    assert clock.now() >= NOON + timedelta(seconds=0.02)


async def test_what_is_past_is_not_waited_for(clock: DemoClock) -> None:
    await clock.reaches(NOON)
