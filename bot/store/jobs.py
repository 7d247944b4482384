"""Jobs that wait for the writer, in their lanes, and what becomes of them."""

from __future__ import annotations

import itertools
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from enum import IntEnum
from types import TracebackType
from typing import Generic, TypeVar

from sqlalchemy import Connection

from bot.errors import DatabaseAway
from bot.store.engines import is_trouble
from bot.store.transaction import Transaction

T = TypeVar("T")
Job = Callable[[Connection, datetime], T]


class Lane(IntEnum):
    """Whose turn it is: a person's click, then the controller, then what alerting systems send."""

    CLICK = 0
    CONTROLLER = 1
    INTAKE = 2


class Waiting(Generic[T]):
    """One job and the future that is answered after its commit."""

    def __init__(self, job: Job[T]) -> None:
        self.future: Future[T] = Future()
        self._job = job
        self._result: T | None = None
        self._error: BaseException | None = None

    def run(self, connection: Connection, now: datetime, transaction: Transaction) -> None:
        """Runs the job in a savepoint. Its own errors are kept for its future; the database's are raised."""
        self._result = self._error = None
        with _Savepoint(connection, transaction) as savepoint:
            self._result = self._job(connection, now)
        self._error = savepoint.error

    def answer(self) -> None:
        """To be called after the commit."""
        if self._error is not None:
            self.future.set_exception(self._error)
        else:
            self.future.set_result(self._result)  # type: ignore[arg-type]

    def give_up(self, error: BaseException) -> None:
        """Nothing was committed."""
        away = DatabaseAway(f"The database does not answer: {_first_line(error)}")
        away.__cause__ = error
        self.future.set_exception(away)


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


class _Savepoint:
    """Undoes what the block did if it fails, keeps the error, and goes on: the failure of one job is its own."""

    def __init__(self, connection: Connection, transaction: Transaction) -> None:
        self.error: BaseException | None = None
        self._connection = connection
        self._transaction = transaction
        self._before = transaction.copy()

    def __enter__(self) -> _Savepoint:
        self._connection.exec_driver_sql("SAVEPOINT job")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            if is_trouble(error) or not isinstance(error, Exception):
                return False
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            self._transaction.back_to(self._before)
            self.error = error
        self._connection.exec_driver_sql("RELEASE SAVEPOINT job")
        return True


class Queue:
    """The lanes. Everybody puts, the writer's thread takes."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Waiting[object]]] = {lane: deque() for lane in Lane}
        self._changed = threading.Condition()
        self._closed = False

    def put(self, lane: Lane, waiting: Waiting[T]) -> None:
        """Raises ``DatabaseAway`` after ``close``."""
        with self._changed:
            if self._closed:
                raise DatabaseAway("The store is closed.")
            self._lanes[lane].append(waiting)  # type: ignore[arg-type]
            self._changed.notify()

    def close(self) -> None:
        """Nothing is taken in any more; what waits is still handed out."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def wait(self) -> bool:
        """Returns when something waits; False when it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or any(self._lanes.values()))
            return any(self._lanes.values())

    def turn(self, *, more_seconds: float, stopwatch: Callable[[], float]) -> Iterator[Waiting[object]]:
        """What the next commit holds: clicks and controller as they wait now, then more for ``more_seconds``.

        Of that, too, clicks and controller come before intake. Stopping half way loses nothing: each is taken out
        of its lane only when it is handed out.
        """
        with self._changed:
            urgent = len(self._lanes[Lane.CLICK]) + len(self._lanes[Lane.CONTROLLER])
        ends = math.inf
        for position in itertools.count():
            if position == urgent:
                ends = stopwatch() + more_seconds
            if position >= urgent and stopwatch() >= ends:
                return
            waiting = self._next()
            if waiting is None:
                return
            if waiting.future.set_running_or_notify_cancel():
                yield waiting

    def _next(self) -> Waiting[object] | None:
        with self._changed:
            lane = next((lane for lane in self._lanes.values() if lane), None)
            return lane.popleft() if lane else None
