"""Requests that were kept long enough are erased, by one replica at a time and never what is under legal hold."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.rounds import Rounds
from bot.store import Lane, Store, payloads

log = structlog.get_logger(__name__)

#: how often is looked, in seconds
EVERY = 3600.0


class Forgetting:
    """``keep`` is how long a request is kept, in seconds."""

    def __init__(self, store: Store, *, keep: float) -> None:
        self._store = store
        self._keep = timedelta(seconds=keep)

    async def round(self) -> int:
        """What is older was erased, unless somebody looked within the hour; how many requests."""
        if await self._store.polls.turn("requests/erased", every=0.9 * timedelta(seconds=EVERY)) is None:
            return 0

        def job(connection: Connection, now: datetime) -> int:
            return payloads.erase(connection, before=now - self._keep)

        erased = last = await self._store.writer.submit(job, lane=Lane.INTAKE)
        while last == payloads.MOST_ERASED:  # a job for each so many: alerts come in between
            erased += (last := await self._store.writer.submit(job, lane=Lane.INTAKE))
        if erased:
            log.info("requests were erased", requests=erased, kept_for=str(self._keep))
        return erased


def begin_forgetting(rounds: Rounds, store: Store, *, keep: float) -> None:
    """From now on nothing is kept for longer."""
    rounds.begin("old requests", Forgetting(store, keep=keep).round, pause=EVERY)
