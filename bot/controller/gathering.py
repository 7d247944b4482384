"""Results that arrive together are one append, and so one redrawing of the card.

Twenty queries that were asked at once answer within a few hundredths of a second of each other. The first of them
waits for the others, but never long: until nothing is under way any more, or nobody has come for ``QUIET`` seconds,
or ``LONGEST`` seconds have gone by. A source that takes its time holds up nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from bot.incidents.events import AnyEvent

#: Seconds without another result after which those that are here are appended; the longest that any of them waits.
QUIET, LONGEST = 0.04, 0.15

#: Appends; returns the events that the log took.
Append = Callable[[tuple[AnyEvent, ...]], Awaitable[tuple[AnyEvent, ...]]]


class _Batch:
    """What is appended together; ``task`` returns what the log took."""

    def __init__(self, carry: Callable[[_Batch], Coroutine[None, None, tuple[AnyEvent, ...]]]) -> None:
        self.events: list[AnyEvent] = []
        self.came = asyncio.Event()
        self.task = asyncio.create_task(carry(self))


class Gathering:
    """One incident's measurements on their way into the log."""

    def __init__(self, append: Append) -> None:
        self._append = append
        self._under_way = 0
        self._batch: _Batch | None = None

    def __enter__(self) -> None:
        """A measurement is under way inside the block."""
        self._under_way += 1

    def __exit__(self, *_: object) -> None:
        self._under_way -= 1
        if self._batch is not None:
            self._batch.came.set()

    async def bring(self, events: tuple[AnyEvent, ...]) -> bool:
        """The events are in the log, with whatever else came by then; whether it took any of them.

        Called outside the block. Raises what appending raised, to everybody whose events it was about. Who brought
        the first ones takes the append along when it is cancelled.
        """
        first = self._batch is None
        batch = self._batch = self._batch or _Batch(self._carry)
        batch.events += events
        batch.came.set()
        try:
            await asyncio.wait([batch.task])
        finally:
            if first:
                batch.task.cancel()
        kept = batch.task.result()
        return any(one is event for one in kept for event in events)

    async def _carry(self, batch: _Batch) -> tuple[AnyEvent, ...]:
        try:
            await self._others(batch)
        finally:
            self._batch = None  # who comes from now on is of the next one
        return await self._append(tuple(batch.events))

    async def _others(self, batch: _Batch) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                while self._under_way:
                    batch.came.clear()
                    async with asyncio.timeout(QUIET):
                        await batch.came.wait()
