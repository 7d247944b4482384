"""How time goes by on a stage while the bot waits for a slot or before it repeats a call."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import SteppedClock
from bot.wiring import Evenkeel

_RENEWED_EVERY = timedelta(seconds=10)


class Time:
    """Waiting in the bot is time that goes by on the stage; leases are renewed meanwhile, as they are in life."""

    def __init__(self, clock: SteppedClock) -> None:
        self.evenkeel: Evenkeel | None = None
        self._clock = clock
        self._renewed = clock.now()

    async def passes(self, seconds: float) -> None:
        """So many seconds are over."""
        self._clock.advance(seconds)
        if self.evenkeel is not None and self._clock.now() - self._renewed >= _RENEWED_EVERY:
            self._renewed = self._clock.now()
            await self.evenkeel.controller.renew()
        await asyncio.sleep(0)
