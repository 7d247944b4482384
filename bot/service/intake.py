"""What comes in while the writer is busy is taken together, in one commit, and each sender gets its own answer."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.alerts.alert import Alert
from bot.errors import Busy, DatabaseAway, NewerSchema
from bot.store import Lane, Store

_MOST_ALERTS = 2000
#: so many alerts, and so many bytes of requests, may wait for their commit; a sender that comes then tries again
_MOST_WAITING = 20_000
_MOST_BYTES = 64 * 1024 * 1024


class Taken(msgspec.Struct, frozen=True):
    """What became of one request: how many alerts were taken, and the incidents that they belong to ("INC-1")."""

    accepted: int
    incidents: list[str]


class Delivery(msgspec.Struct, frozen=True):
    """The alerts of one request of ``source``; ``truncated`` is how many its sender left out.

    ``body`` is what is kept of the request, already redacted; empty: nothing. ``name`` is what its sender calls the
    delivery: one that comes again under a name that was carried out changes nothing.
    """

    source: str
    alerts: tuple[Alert, ...]
    truncated: int = 0
    body: str = ""
    name: str = ""


Attach = Callable[[Connection, datetime, tuple[Delivery, ...]], list[Taken]]
Outcome = Taken | NewerSchema | DBAPIError


@dataclass
class Figures:
    """What this process took in since its start, and what waits now. ``refused`` were to be sent again."""

    requests: Counter[str] = field(default_factory=Counter)  # by source
    alerts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)  # by reason
    commits: int = 0
    waiting: int = 0
    bytes_waiting: int = 0


class Intake:
    """Gives deliveries to ``attach``, a job of the writer, as many at a time as wait."""

    def __init__(self, store: Store, attach: Attach) -> None:
        self.figures = Figures()
        self._store = store
        self._attach = attach
        self._batch: _Batch | None = None
        self._commits: set[asyncio.Task[list[Outcome]]] = set()

    async def take(self, delivery: Delivery) -> Taken:
        """Returns after the commit.

        Raises ``DatabaseAway``, ``Busy`` if too much waits, or ``NewerSchema`` if a newer replica has to take it.
        """
        figures, alerts, size = self.figures, len(delivery.alerts), len(delivery.body)
        if figures.waiting + alerts > _MOST_WAITING or figures.bytes_waiting + size > _MOST_BYTES:
            figures.refused["busy"] += 1
            raise Busy("More alerts come in than can be stored at once. Send these again a little later.")
        figures.waiting += alerts
        figures.bytes_waiting += size
        try:
            taken = await self._taken(delivery)
        except DatabaseAway:
            figures.refused["database"] += 1
            raise
        finally:
            figures.waiting -= alerts
            figures.bytes_waiting -= size
        figures.requests[delivery.source] += 1
        figures.alerts[delivery.source] += alerts
        return taken

    async def _taken(self, delivery: Delivery) -> Taken:
        # Each sender waits for an answer of its own: one that hangs up does not take the others along.
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        if self._batch is None or not self._batch.add(delivery, answer):
            self._batch = _Batch(delivery, answer)
            commit = asyncio.create_task(self._together(self._batch))
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
            commit.add_done_callback(self._batch.answer)
        return await answer

    async def _together(self, batch: _Batch) -> list[Outcome]:
        def job(connection: Connection, now: datetime) -> list[Taken]:
            return self._attach(connection, now, batch.closed())

        self.figures.commits += 1
        try:
            return [*await self._store.writer.submit(job, lane=Lane.INTAKE)]
        except (NewerSchema, DBAPIError):
            return [await self._alone(delivery) for delivery in batch.closed()]
        finally:
            batch.closed()  # a job that could not run has not done it

    async def _alone(self, delivery: Delivery) -> Outcome:
        """What the database will not have of one sender is not the others' fault."""

        def job(connection: Connection, now: datetime) -> list[Taken]:
            return self._attach(connection, now, (delivery,))

        try:
            return (await self._store.writer.submit(job, lane=Lane.INTAKE))[0]
        except (NewerSchema, DBAPIError) as error:
            return error


class _Batch:
    """Deliveries that will be committed together. The event loop adds, the writer's thread closes."""

    def __init__(self, first: Delivery, answer: asyncio.Future[Taken]) -> None:
        self._deliveries = [first]
        self._answers = [answer]
        self._alerts = len(first.alerts)
        self._closed = False
        self._lock = threading.Lock()

    def add(self, delivery: Delivery, answer: asyncio.Future[Taken]) -> bool:
        """Whether it is among them; not if it comes too late, or would be too much."""
        with self._lock:
            if self._closed or self._alerts + len(delivery.alerts) > _MOST_ALERTS:
                return False
            self._deliveries.append(delivery)
            self._answers.append(answer)
            self._alerts += len(delivery.alerts)
            return True

    def answer(self, commit: asyncio.Task[list[Outcome]]) -> None:
        """The commit is through: everybody who still waits hears what became of theirs."""
        for position, answer in enumerate(self._answers):
            if answer.done():
                continue  # its sender hung up
            if commit.cancelled():
                answer.cancel()
            elif (error := commit.exception()) is not None:
                answer.set_exception(error)
            elif isinstance(outcome := commit.result()[position], Taken):
                answer.set_result(outcome)
            else:
                answer.set_exception(outcome)

    def closed(self) -> tuple[Delivery, ...]:
        """The deliveries, to which none is added any more: a job that runs again sees the same."""
        with self._lock:
            self._closed = True
            return tuple(self._deliveries)
