"""What was kept long enough is erased, by one replica at a time and never what is under legal hold."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.rounds import Rounds
from bot.store import Lane, Store, leftovers, payloads
from bot.store.leftovers import Erase

log = structlog.get_logger(__name__)

#: how often is looked, in seconds
EVERY = 3600.0


class Forgetting:
    """How long is kept, in seconds: ``keep`` a request and what is left of mutes, ``changes`` a change."""

    def __init__(self, store: Store, *, keep: float, changes: float = 365 * 86400.0) -> None:
        self._store = store
        self._keep = timedelta(seconds=keep)
        self._changes = timedelta(seconds=changes)

    async def round(self) -> int:
        """What is older was erased, unless somebody looked within the hour; how many requests."""
        if await self._store.polls.turn("requests/erased", every=0.9 * timedelta(seconds=EVERY)) is None:
            return 0
        await self._erased("changes", leftovers.changes, self._changes, most=leftovers.MOST_ERASED)
        for what, erase in leftovers.LEFTOVERS.items():
            await self._erased(what, erase, self._keep, most=leftovers.MOST_ERASED)
        return await self._erased("requests", _requests, self._keep, most=payloads.MOST_ERASED)

    async def _erased(self, what: str, erase: Erase, keep: timedelta, *, most: int) -> int:
        def job(connection: Connection, now: datetime) -> int:
            return erase(connection, now - keep)

        erased = last = await self._store.writer.submit(job, lane=Lane.INTAKE)
        while last == most:  # a job for each so many: alerts come in between
            erased += (last := await self._store.writer.submit(job, lane=Lane.INTAKE))
        if erased:
            log.info("what is old was erased", what=what, rows=erased, kept_for=str(keep))
        return erased


def _requests(connection: Connection, before: datetime) -> int:
    return payloads.erase(connection, before=before)


def begin_forgetting(rounds: Rounds, store: Store, *, keep: float, changes: float) -> None:
    """From now on nothing is kept for longer."""
    rounds.begin("what is old", Forgetting(store, keep=keep, changes=changes).round, pause=EVERY)
