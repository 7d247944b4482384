"""The one writer of a process: jobs that wait are run together and committed once.

A job is a function of a connection and the transaction's time. It runs in a savepoint, so its failure is its own, and
it may be run again after a deadlock or a lost connection: so it has no effects outside its connection. Futures are
answered after the commit; whoever awaits one knows that its result is on the disk.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock, SystemClock
from bot.errors import DatabaseAway
from bot.store.engines import in_the_way, is_trouble
from bot.store.jobs import Job, Lane, Queue, Waiting
from bot.store.transaction import Transaction, remember

T = TypeVar("T")

MORE_SECONDS = 0.025
TRIES = 3


class Writer:
    """Owns the writing connection and its thread, and a few reading connections."""

    def __init__(
        self,
        writing: Engine,
        reading: Engine,
        *,
        clock: Clock,
        committing: Callable[[Connection, Transaction], None],
        committed: Callable[[Transaction], None],
        readers: int = 4,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``committing`` ends every transaction; ``committed`` hears what it remembered before futures are answered.

        Both run in the writer's thread.
        """
        self._writing, self._reading = writing, reading
        self._clock, self._stopwatch = clock, stopwatch
        self._committing, self._committed = committing, committed
        self._database_time = isinstance(clock, SystemClock) and writing.dialect.name == "postgresql"
        self._queue = Queue()
        self.troubles = 0  # how often a commit failed so far
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="evenkeel-reader")
        self._thread = threading.Thread(target=self._work, name="evenkeel-writer", daemon=True)
        self._thread.start()

    async def submit(self, job: Job[T], *, lane: Lane) -> T:
        """What the job returned, after its commit. Raises what it raised, or ``DatabaseAway``."""
        return await asyncio.wrap_future(self._put(job, lane).future)

    def submit_blocking(self, job: Job[T], *, lane: Lane = Lane.CLICK) -> T:
        """``submit`` for callers without an event loop."""
        return self._put(job, lane).future.result()

    async def read(self, question: Callable[[Connection], T]) -> T:
        """The answer to ``question``, asked of the newest commit on a connection that cannot write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_blocking, question)

    def read_blocking(self, question: Callable[[Connection], T]) -> T:
        """``read`` for callers without an event loop."""
        try:
            with self._reading.connect() as connection:
                return question(connection)
        except DBAPIError as error:
            if is_trouble(error):
                raise DatabaseAway(f"The database does not answer: {error.orig}") from error
            raise

    def close(self) -> None:
        """Finishes what waits, and closes the connections."""
        self._queue.close()
        self._thread.join()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    def _put(self, job: Job[T], lane: Lane) -> Waiting[T]:
        waiting = Waiting(job)
        self._queue.put(lane, waiting)
        return waiting

    def _work(self) -> None:
        try:
            while self._queue.wait():
                self._turn()
        finally:
            # Never reached with jobs waiting, unless this file has a mistake: then nobody may wait for ever.
            self._queue.close()
            for waiting in self._queue.turn(more_seconds=math.inf, stopwatch=self._stopwatch):
                waiting.give_up(RuntimeError("the writer has stopped"))

    def _turn(self) -> None:
        """One commit for what waits; if the database refuses it, one for each."""
        drawn: list[Waiting[object]] = []
        try:
            with self._transaction() as (connection, now, transaction):
                for waiting in self._queue.turn(more_seconds=MORE_SECONDS, stopwatch=self._stopwatch):
                    drawn.append(waiting)
                    waiting.run(connection, now, transaction)
        except _CommitLost as error:
            self._give_up(drawn, error)
        except DBAPIError:
            drawn += () if drawn else self._queue.turn(more_seconds=math.inf, stopwatch=self._stopwatch)
            self._singly(drawn)
        else:
            for waiting in drawn:
                waiting.answer()
        finally:
            _give_up([waiting for waiting in drawn if not waiting.future.done()], RuntimeError("the writer failed"))

    def _singly(self, drawn: list[Waiting[object]]) -> None:
        """A transaction for each; when the database stays away, none of the rest is tried."""
        for position, waiting in enumerate(drawn):
            for left in reversed(range(TRIES)):
                try:
                    with self._transaction() as (connection, now, transaction):
                        waiting.run(connection, now, transaction)
                except (DBAPIError, _CommitLost) as again:
                    if not isinstance(again, DBAPIError) or not in_the_way(again):
                        self._give_up(drawn[position:], again)
                        return
                    if not left:
                        waiting.give_up(again)
                else:
                    waiting.answer()
                    break

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Connection, datetime, Transaction]]:
        with self._writing.connect() as connection:
            transaction = remember(connection)
            begun = connection.begin()
            yield connection, self._now(connection), transaction
            self._committing(connection, transaction)
            try:
                begun.commit()
            except DBAPIError as error:
                # It may have been carried out; doing it again could do it twice.
                raise _CommitLost(str(error.orig)) from error
        self._committed(transaction)

    def _give_up(self, drawn: list[Waiting[object]], error: BaseException) -> None:
        self.troubles += 1
        _give_up(drawn, error)

    def _now(self, connection: Connection) -> datetime:
        if not self._database_time:
            return self._clock.now()
        now = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        assert isinstance(now, datetime)  # noqa: S101 - the driver's answer is untyped
        return now.astimezone(UTC)


class _CommitLost(Exception):
    """The connection was lost during the commit."""


def _give_up(drawn: list[Waiting[object]], error: BaseException) -> None:
    for waiting in drawn:
        waiting.give_up(error)
