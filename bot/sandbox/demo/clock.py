"""The one clock of workspace, bot and world: real time, plus what was jumped.

Real time is the machine's steady timer, so a machine that slept or whose clock was set goes on where it was: time
never goes back, and nothing becomes due in a heap.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class DemoClock:
    """A ``Clock``. ``now`` may be asked from any thread; everything else belongs to the event loop."""

    def __init__(self, *, start: datetime | None = None, timer: Callable[[], float] = time.monotonic) -> None:
        """It begins at ``start`` (aware; default: what the machine says) and goes on with ``timer``, in seconds."""
        began = datetime.now(UTC) if start is None else start
        if began.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")
        self._timer = timer
        self._start, self._zero = began.astimezone(UTC), timer()
        self._ahead = timedelta(0)
        self._jumped = asyncio.Event()

    def now(self) -> datetime:
        """The time in the demo."""
        return self._start + timedelta(seconds=self._timer() - self._zero) + self._ahead

    def ahead(self) -> timedelta:
        """How much was jumped so far."""
        return self._ahead

    def jump(self, seconds: float) -> datetime:
        """It is ``seconds`` later at once; whoever waits for a moment that came looks again. The time it is now."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._ahead += timedelta(seconds=seconds)
        jumped, self._jumped = self._jumped, asyncio.Event()
        jumped.set()
        return self.now()

    async def reaches(self, moment: datetime) -> None:
        """Returns when it is ``moment``, by waiting or by a jump."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            jumped = self._jumped
            try:
                async with asyncio.timeout(left):
                    await jumped.wait()
            except TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        """Returns when so much of the demo's time has gone by."""
        await self.reaches(self.now() + timedelta(seconds=seconds))
