"""Statistics in a process of their own: importing scipy and counting must not hold up the loop.

The process is started when it is first needed. If it dies, the work in it fails with a sentence and the next work
starts another one; if its work takes too long, it is killed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import connection
from typing import ParamSpec, TypeVar

from bot.errors import SourceUnavailable

P = ParamSpec("P")
T = TypeVar("T")

#: Longer than a comparison takes, scipy's first import on a busy machine included; in seconds.
TIME_LIMIT = 15.0


class Child:
    """One process that computes. ``close`` ends it."""

    def __init__(self, *, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns or raises over there; all of it has to be picklable. Raises SourceUnavailable.

        One work at a time: waiting for its turn is not held against the time that a work may take.
        """
        async with self._turn:
            return await self._computed(partial(work, *args, **kwargs))

    async def _computed(self, work: Callable[[], T]) -> T:
        pool = self._pool or self._start()
        try:
            with _unheard(signal.SIGINT):  # what is started here hears no Ctrl-C before it can live with it
                future = asyncio.get_running_loop().run_in_executor(pool, work)
            async with asyncio.timeout(self.time_limit):
                return await future
        except BrokenProcessPool:
            await self._forget(pool)
            raise SourceUnavailable("the process that computes statistics ended unexpectedly") from None
        except TimeoutError:
            await self._kill(pool)
            raise SourceUnavailable(f"the statistics took longer than {self.time_limit:g} s") from None

    async def close(self) -> None:
        """End the process; what it still computes is finished first."""
        if self._pool is not None:
            await self._forget(self._pool)

    def _start(self) -> ProcessPoolExecutor:
        self._pool = ProcessPoolExecutor(
            max_workers=1, mp_context=multiprocessing.get_context("spawn"), initializer=_live_with_the_parent
        )
        return self._pool

    async def _forget(self, pool: ProcessPoolExecutor) -> None:
        if self._pool is pool:
            self._pool = None
        await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _kill(self, pool: ProcessPoolExecutor) -> None:
        for pid in list(pool._processes):  # there is no public way to end a worker that is at work
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self._forget(pool)


@contextmanager
def _unheard(number: signal.Signals) -> Iterator[None]:
    """Here it comes after the block; a process that is started in the block never hears it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live_with_the_parent() -> None:
    """Over there: Ctrl-C is the parent's, and a parent that was killed takes this process along.

    Where both want the same core, the parent goes first: somebody who pressed a button waits for it.
    """
    os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(0)  # nobody is left to whom anything could be handed back
