"""How fast the demo's time goes by: at the machine's pace, or by jumps while everybody rests.

``strides`` says how far; this asks who rests, jumps, and wakes the bot for what became due.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.sandbox.backstage import RATES
from bot.sandbox.demo.clock import DemoClock
from bot.sandbox.demo.strides import Ahead, grain, owed, pause, stride

#: how often it is asked at least whether everybody rests, in real seconds; only while somebody waits for it
LOOK_EVERY = 0.01
#: steps do not look at the world more often than so many times each
LOOKS_IN_A_STEP = 20


class Cast(Protocol):
    """Who takes part in the demo, and may be at work."""

    def busy(self) -> bool:
        """Whether something is under way just now: work, a call, a click."""
        ...

    async def ahead(self) -> Ahead:
        """The next moments at which somebody has something to do."""
        ...

    def wake(self) -> None:
        """Time has jumped, and something is due."""
        ...

    async def stirs(self, within: float) -> None:
        """Returns when somebody did something, ``within`` real seconds at the latest. One at a time may wait."""
        ...


class Pace:
    """The rate of ``clock``, and its steps. Between two jumps everybody in ``cast`` comes to rest."""

    def __init__(
        self,
        clock: DemoClock,
        cast: Cast,
        *,
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock, self._cast = clock, cast
        self._timer, self._sleep = timer, sleep
        self._rate = RATES[0]
        self._hurries = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    @property
    def rate(self) -> int:
        """Seconds of the demo in one of the machine's."""
        return self._rate

    def set_rate(self, rate: int) -> None:
        """Time runs like this from now on. ``ValueError`` for what is not in ``RATES``."""
        if rate not in RATES:
            raise ValueError(f"time runs at {', '.join(map(str, RATES))} times speed, not at {rate}")
        self._rate = rate
        if rate > 1:
            self._hurries.set()
        else:
            self._hurries.clear()

    async def run(self) -> None:
        """Jumps while the rate asks for it; otherwise waits. Ends by cancelling."""
        while True:
            await self._hurries.wait()
            await self._hurry(self._rate)

    async def _hurry(self, rate: int) -> None:
        """Until the rate is another one."""
        debt, since = 0.0, self._timer()
        while self._rate == rate:
            async with self._one_at_a_time:
                ahead = await self._rested()
                now = self._timer()
                debt, since = owed(debt, rate=rate, passed=now - since), now
                to_next = ahead.after(self._clock.now(), grain=grain(rate))
                debt -= self._jump(stride(debt, to_next=to_next) if self._rate == rate else 0.0, ahead)
            await self._sleep(pause(debt, rate=rate, to_next=to_next))

    async def rest(self) -> None:
        """Returns when everybody rests and nothing is due; time goes by as it does."""
        async with self._one_at_a_time:
            await self._rested()

    async def step(self, seconds: float) -> None:
        """Time has jumped by ``seconds``, and what became due in them was done. ``ValueError`` for less than 0."""
        if seconds < 0:
            raise ValueError("time does not go back")
        async with self._one_at_a_time:
            end = self._clock.now() + timedelta(seconds=seconds)
            await self._jump_to(end, coarse=seconds / LOOKS_IN_A_STEP)

    async def step_to_next(self) -> datetime | None:
        """Time has jumped to the next moment at which somebody has something to do, and it was done; None: never."""
        async with self._one_at_a_time:
            ahead = await self._rested()
            moment = ahead.bot or ahead.world
            if moment is not None:
                left = (moment - self._clock.now()).total_seconds()
                await self._jump_to(moment, coarse=left / LOOKS_IN_A_STEP)
            return moment

    async def _jump_to(self, end: datetime, *, coarse: float) -> None:
        """It is ``end``, and everybody rests. The world is looked at on the way, every ``coarse`` seconds at most."""
        while True:
            ahead = await self._rested()
            now = self._clock.now()
            left = (end - now).total_seconds()
            if left <= 0:
                return
            self._jump(stride(left, to_next=ahead.after(now, grain=coarse)), ahead)

    def _jump(self, seconds: float, ahead: Ahead) -> float:
        if seconds > 0 and ahead.reached(self._clock.jump(seconds)):
            self._cast.wake()
        return seconds

    async def _rested(self) -> Ahead:
        """What is ahead, once everybody rests and nothing is due."""
        while True:
            if not self._cast.busy():
                ahead = await self._cast.ahead()
                if not self._cast.busy() and ahead.rests(self._clock.now()):
                    return ahead
            await self._cast.stirs(LOOK_EVERY)
