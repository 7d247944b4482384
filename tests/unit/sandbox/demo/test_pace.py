"""Time at 1, 60 and 3600 times speed, and by steps: it jumps, and only while everybody rests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.demo.clock import DemoClock
from bot.sandbox.demo.pace import Pace
from bot.sandbox.demo.strides import Ahead
from tests.patience import PATIENCE

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = 86_400.0


class Machine:
    """Its timer goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept = 0

    def timer(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 1e-4)
        self.slept += 1
        await asyncio.sleep(0)


class Bot:
    """Has something to do every ``every`` seconds, for which it takes ``takes`` real seconds once it is woken."""

    def __init__(self, clock: DemoClock, machine: Machine, *, every: float, takes: float = 0.05) -> None:
        self.clock, self.machine = clock, machine
        self.every, self.takes = every, takes
        self.due: datetime | None = clock.now() + timedelta(seconds=every)
        self.world: datetime | None = None
        self.done: list[datetime] = []
        self.ready = 0.0
        self.clicked = False

    def busy(self) -> bool:
        self._look()
        return self.clicked or self.machine.seconds < self.ready

    async def ahead(self) -> Ahead:
        return Ahead(bot=self.due, world=self.world)

    def wake(self) -> None:
        self._look()

    async def stirs(self, within: float) -> None:
        await self.machine.sleep(min(within, max(0.0, self.ready - self.machine.seconds)))

    def _look(self) -> None:
        now = self.clock.now()
        if self.due is not None and self.due <= now:
            self.done.append(now)
            self.due = now + timedelta(seconds=self.every)
            self.ready = self.machine.seconds + self.takes
        if self.world is not None and self.world <= now:
            self.world = now + timedelta(seconds=1)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> DemoClock:
    return DemoClock(start=NOON, timer=machine.timer)


@pytest.fixture
def bot(clock: DemoClock, machine: Machine) -> Bot:
    return Bot(clock, machine, every=600)


@pytest.fixture
async def pace(clock: DemoClock, machine: Machine, bot: Bot) -> AsyncIterator[Pace]:
    pace = Pace(clock, bot, timer=machine.timer, sleep=machine.sleep)
    running = asyncio.create_task(pace.run())
    yield pace
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - the machine's time goes on in these turns
            await asyncio.sleep(0)


async def test_at_the_machine_s_pace_nothing_runs(pace: Pace, machine: Machine, clock: DemoClock) -> None:
    for _ in range(50):
        await asyncio.sleep(0)
    assert (pace.rate, machine.slept, clock.ahead()) == (1, 0, timedelta(0))


async def test_a_day_of_looks_passes_in_twenty_four_seconds(
    pace: Pace, machine: Machine, clock: DemoClock, bot: Bot
) -> None:
    pace.set_rate(3600)
    await until(lambda: clock.now() >= NOON + timedelta(days=1))
    assert machine.seconds == pytest.approx(24.0, rel=0.05)
    assert len(bot.done) == 144


async def test_no_look_is_late_by_more_than_the_bot_s_own_work(pace: Pace, bot: Bot) -> None:
    pace.set_rate(3600)
    await until(lambda: len(bot.done) == 20)
    gaps = {round((after - before).total_seconds()) for before, after in zip(bot.done, bot.done[1:], strict=False)}
    assert gaps == {600}


async def test_ten_minutes_pass_in_ten_seconds_at_sixty(pace: Pace, machine: Machine, bot: Bot) -> None:
    pace.set_rate(60)
    await until(lambda: len(bot.done) == 1)
    assert machine.seconds == pytest.approx(10.0, rel=0.05)


async def test_time_stands_at_the_machine_s_pace_while_somebody_works(
    pace: Pace, machine: Machine, clock: DemoClock, bot: Bot
) -> None:
    bot.clicked = True
    pace.set_rate(3600)
    await until(lambda: machine.seconds > 30)
    assert clock.ahead() == timedelta(0)
    bot.clicked = False
    await until(lambda: clock.ahead() > timedelta(0))
    assert clock.ahead() <= timedelta(hours=1)  # the half minute of work is not made up for


async def test_a_world_that_wants_a_look_every_second_does_not_hold_up_a_day(
    pace: Pace, machine: Machine, clock: DemoClock, bot: Bot
) -> None:
    bot.world = NOON
    pace.set_rate(3600)
    await until(lambda: clock.now() >= NOON + timedelta(days=1))
    assert machine.seconds < 30


async def test_back_at_one_the_jumps_end(pace: Pace, clock: DemoClock, machine: Machine) -> None:
    pace.set_rate(3600)
    await until(lambda: clock.ahead() > timedelta(minutes=10))
    pace.set_rate(1)
    await machine.sleep(1.0)
    await asyncio.sleep(0)
    ahead = clock.ahead()
    for _ in range(50):
        await asyncio.sleep(0)
    assert clock.ahead() == ahead


@pytest.mark.parametrize("rate", [0, 2, -60, 7200])
async def test_there_are_three_rates(pace: Pace, rate: int) -> None:
    with pytest.raises(ValueError, match="1, 60, 3600"):
        pace.set_rate(rate)
    assert pace.rate == 1


async def test_a_step_ends_where_it_should_and_everything_in_it_was_done(
    pace: Pace, clock: DemoClock, bot: Bot
) -> None:
    await pace.step(3600)
    assert clock.now() - NOON == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=2))
    assert [round((at - NOON).total_seconds() / 60) for at in bot.done] == [10, 20, 30, 40, 50, 60]


async def test_time_does_not_step_back(pace: Pace) -> None:
    with pytest.raises(ValueError, match="does not go back"):
        await pace.step(-1)


async def test_the_next_moment_is_the_bot_s_and_it_has_done_its_work_there(
    pace: Pace, clock: DemoClock, bot: Bot
) -> None:
    bot.world = NOON + timedelta(seconds=1)
    assert await pace.step_to_next() == NOON + timedelta(minutes=10)
    assert len(bot.done) == 1
    assert not bot.busy()


async def test_with_no_moment_ahead_of_the_bot_it_is_the_world_s(pace: Pace, bot: Bot) -> None:
    bot.due, bot.world = None, NOON + timedelta(seconds=30)
    assert await pace.step_to_next() == NOON + timedelta(seconds=30)


async def test_with_none_at_all_time_stays_where_it_is(pace: Pace, clock: DemoClock, bot: Bot) -> None:
    bot.due = None
    assert await pace.step_to_next() is None
    assert clock.ahead() == timedelta(0)


async def test_steps_and_speed_take_turns(pace: Pace, clock: DemoClock, bot: Bot) -> None:
    pace.set_rate(60)
    await asyncio.gather(pace.step(1200), pace.step(1200))
    assert clock.ahead() > timedelta(minutes=35)
    assert all(at - NOON >= timedelta(minutes=10) for at in bot.done)
