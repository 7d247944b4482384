"""When something is due next, for tests in which time stands still until then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, union_all

from bot.store import Store
from bot.store.tables import INCIDENTS

_ROW = INCIDENTS.c


async def next_due(store: Store) -> datetime | None:
    """The first time to wake of what is free, or end of a lease."""
    wakes = select(_ROW.wake_at.label("at")).where(_ROW.lease_owner.is_(None), _ROW.wake_at.is_not(None))
    ends = select(_ROW.lease_until).where(_ROW.lease_owner.is_not(None))
    first = union_all(wakes, ends).subquery()

    def question(connection: Connection) -> datetime | None:
        at: datetime | None = connection.execute(select(func.min(first.c.at))).scalar()
        return at

    return await store.writer.read(question)
