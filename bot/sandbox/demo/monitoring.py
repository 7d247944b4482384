"""What monitoring does while the demo runs: it looks at the world when there is something to tell."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime

from bot.sandbox.demo.clock import DemoClock
from bot.sandbox.world import Alerting

#: somebody may set a flag at any time, and then there is something to tell earlier; in real seconds
LOOK_EVERY = 1.0


class Monitoring:
    """Looks through ``alerting`` at its moments, however they come: by waiting or by a jump."""

    def __init__(self, alerting: Alerting, clock: DemoClock) -> None:
        self._alerting, self._clock = alerting, clock
        self._one_look = asyncio.Lock()

    @property
    def looking(self) -> bool:
        """Whether it looks just now; what it found may be on its way to the bot."""
        return self._one_look.locked()

    def next_look(self) -> datetime:
        """When there is something to tell next, as things stand."""
        return self._alerting.next_look()

    async def run(self) -> None:
        """Ends by cancelling, or with what the receiver refused."""
        while True:
            async with self._one_look:
                await self._alerting.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._clock.reaches(self._alerting.next_look())

    async def finish(self) -> None:
        """The look that is under way has come to its end, or time was up; there is no other one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._one_look.acquire()
