"""Deploys, flags and aliases that somebody told us about."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Select, select

from bot.changes.change import Change
from bot.store.statements import ignoring
from bot.store.tables import CHANGES
from bot.store.writer import Writer

__all__ = ["Change", "Changes", "Listed"]

_COLUMNS = [CHANGES.c[name] for name in Change.__struct_fields__]
_NEWEST = (CHANGES.c.at.desc(), CHANGES.c.id.desc())


class Listed(msgspec.Struct, frozen=True):
    """A page of the record, newest first; ``older`` is what to ask with for the next one, None after the last."""

    changes: tuple[Change, ...]
    older: int | None = None


class Changes:
    """Our own record of changes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def add(self, connection: Connection, change: Change, *, received_at: datetime) -> bool:
        """Stores the change; for a job of the writer. False if its source told us of it before.

        A source that does not say what was there before is taken at its own last word about the service.
        """
        if change.source and change.version and not change.previous:
            change = msgspec.structs.replace(change, previous=_before(connection, change))
        values = msgspec.structs.asdict(change) | {"received_at": received_at}
        stored = connection.execute(ignoring(connection, CHANGES).values(values).returning(CHANGES.c.id))
        return stored.scalar() is not None

    async def of(self, service: str, *, since: datetime, until: datetime | None = None) -> list[Change]:
        """The service's changes from ``since`` to before ``until``, newest first."""
        question = select(*_COLUMNS).where(CHANGES.c.service == service, CHANGES.c.at >= since)
        if until is not None:
            question = question.where(CHANGES.c.at < until)
        return await self._asked(question.order_by(*_NEWEST))

    async def newest(
        self, *, since: datetime, service: str = "", limit: int = 500, before: int | None = None
    ) -> Listed:
        """The last ``limit`` changes since then, of every service or of one; newest first.

        ``before`` is the ``older`` of the page that came before this one. One that is no longer there leads nowhere.
        """
        row = CHANGES.c
        question = select(row.id, *_COLUMNS).where(row.at >= since)
        if service:
            question = question.where(row.service == service)
        if before is not None:
            there = select(row.at).where(row.id == before).scalar_subquery()
            question = question.where((row.at < there) | ((row.at == there) & (row.id < before)))
        question = question.order_by(*_NEWEST).limit(limit + 1)

        def read(connection: Connection) -> Listed:
            rows = [dict(found) for found in connection.execute(question).mappings()]
            ids = [int(found.pop("id")) for found in rows]
            changes = tuple(Change(**found) for found in rows[:limit])
            return Listed(changes=changes, older=ids[limit - 1] if len(ids) > limit else None)

        return await self._writer.read(read)

    async def _asked(self, question: Select[tuple[object, ...]]) -> list[Change]:
        def read(connection: Connection) -> list[Change]:
            return [Change(**row) for row in connection.execute(question).mappings()]

        return await self._writer.read(read)


def _before(connection: Connection, change: Change) -> str:
    """The version that the source told us of last, if it is another one."""
    row = CHANGES.c
    question = (
        select(row.version)
        .where(row.service == change.service, row.source == change.source, row.kind == change.kind)
        .where(row.about == change.about, row.version != "", row.at <= change.at)
        .where((row.external.is_(None)) | (row.external != change.external))
        .order_by(*_NEWEST)
        .limit(1)
    )
    found = connection.execute(question).scalar()
    return str(found) if found is not None and found != change.version else ""
