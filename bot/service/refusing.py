"""What could not be taken in is counted here and written down a little later: a flood of it costs hardly anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseAway
from bot.service.intake import Figures
from bot.store import Lane, Store
from bot.store.refusals import KEEPING, MOST_KEPT, Refused, note

log = structlog.get_logger(__name__)

#: between two times of writing, in seconds
PAUSE = 1.0

Key = tuple[str, str]


@dataclass
class _Gathered:
    count: int = 0
    reason: str = ""
    bodies: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Kept:
    """How many bodies were asked for since then."""

    since: datetime
    count: int = 0


class Refusing:
    """Gathers what is refused; each source and kind of reason is one row, however often it happens."""

    def __init__(
        self, store: Store, figures: Figures, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._store, self._figures, self._sleep = store, figures, sleep
        self._gathered: dict[Key, _Gathered] = {}
        self._kept: dict[Key, _Kept] = {}
        self._writing: asyncio.Task[None] | None = None

    def refuse(
        self, source: str, kind: str, reason: str, *, at: datetime, body: Callable[[], str], times: int = 1
    ) -> None:
        """It was refused at ``at``, and will be on the disk soon. ``body`` is asked for only if it may be kept."""
        self._figures.refused[kind] += times
        gathered = self._gathered.setdefault((source, kind), _Gathered())
        gathered.count += times
        gathered.reason = reason
        if self._may_keep((source, kind), at):
            gathered.bodies.append((reason, body()))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """All that was refused is on the disk, if the database takes it."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._written()

    def _may_keep(self, key: Key, at: datetime) -> bool:
        kept = self._kept.get(key)
        if kept is None or not kept.since <= at < kept.since + KEEPING:
            kept = self._kept[key] = _Kept(at)
        kept.count += 1
        return kept.count <= MOST_KEPT

    async def _write(self) -> None:
        while self._gathered:
            await self._written()
            await self._sleep(PAUSE)

    async def _written(self) -> None:
        gathered, self._gathered = self._gathered, {}
        refused = [
            Refused(source=source, kind=kind, count=one.count, reason=one.reason, bodies=one.bodies)
            for (source, kind), one in gathered.items()
        ]
        if not refused:
            return
        for one in refused:
            log.warning("requests were refused", source=one.source, kind=one.kind, count=one.count)
        try:
            await asyncio.shield(self._store.writer.submit(partial(note, refused=refused), lane=Lane.INTAKE))
        except DatabaseAway:
            self._put_back(gathered)
        except DBAPIError as error:
            log.warning("what was refused could not be written down", because=str(error.orig))

    def _put_back(self, gathered: dict[Key, _Gathered]) -> None:
        """The database is away: they are written as soon as it is back."""
        for key, before in gathered.items():
            since = self._gathered.setdefault(key, _Gathered())
            since.count += before.count
            since.reason = since.reason or before.reason
            since.bodies[:0] = before.bodies
