"""Deploys, flags and aliases that somebody told us about."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, select

from bot.store.tables import CHANGES
from bot.store.writer import Writer


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """``service`` changed at ``at``: ``kind`` (deploy, flag, alias) from ``previous`` to ``version``."""

    service: str
    at: datetime
    kind: str = ""
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = ""


class Changes:
    """Our own record of changes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def add(self, connection: Connection, change: Change, *, received_at: datetime) -> None:
        """Stores the change; for a job of the writer."""
        connection.execute(insert(CHANGES).values(msgspec.structs.asdict(change) | {"received_at": received_at}))

    async def of(self, service: str, *, since: datetime, until: datetime | None = None) -> list[Change]:
        """The service's changes from ``since`` to before ``until``, newest first."""
        columns = [CHANGES.c[name] for name in Change.__struct_fields__]
        question = select(*columns).where(CHANGES.c.service == service, CHANGES.c.at >= since)
        if until is not None:
            question = question.where(CHANGES.c.at < until)
        question = question.order_by(CHANGES.c.at.desc(), CHANGES.c.id.desc())

        def read(connection: Connection) -> list[Change]:
            return [Change(**row) for row in connection.execute(question).mappings()]

        return await self._writer.read(read)
