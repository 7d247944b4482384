"""Requests as they were received, redacted: kept so that one can see what was sent, and send it in once more.

``alerts.payload`` names the request that last changed an alert. Only those that changed something are here, so that
repeats do not make the table grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, delete, func, select

from bot.store.statements import numbered
from bot.store.tables import ALERTS, INCIDENTS, PAYLOADS
from bot.store.writer import Writer

_ROW = PAYLOADS.c


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One request of ``source``. ``delivery`` is its sender's own name for it, empty if it has none; ``refused`` is
    why it, or a part of it, was not taken in."""

    id: int
    source: str
    received_at: datetime
    delivery: str
    body: str
    refused: str = ""


class Payloads:
    """Questions about requests."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def get(self, payload_id: int) -> Payload | None:
        """The request; None if there is none of that id, or it was erased."""
        question = select(*(_ROW[name] for name in Payload.__struct_fields__)).where(_ROW.id == payload_id)

        def read(connection: Connection) -> Payload | None:
            row = connection.execute(question).mappings().first()
            return None if row is None else Payload(**row)

        return await self._writer.read(read)


def add(connection: Connection, rows: Sequence[dict[str, Any]], *, at: datetime) -> list[int]:
    """Stores requests (``source``, ``delivery``, ``body``; ``refused``, if so); their ids, in the same order."""
    return numbered(connection, PAYLOADS, [{"refused": ""} | row | {"received_at": at} for row in rows])


#: so many requests are erased by one job: nobody waits long for the writer
MOST_ERASED = 1000


def erase(connection: Connection, *, before: datetime) -> int:
    """Deletes the oldest of what was received before then, ``MOST_ERASED`` at most; how many.

    What changed an alert of an incident under legal hold stays, and so does all that its source sent while the
    incident's alerts went on. That is found once, and not for each request.
    """
    held = select(ALERTS.c.number).join(INCIDENTS, INCIDENTS.c.number == ALERTS.c.number).where(INCIDENTS.c.held)
    named = held.with_only_columns(ALERTS.c.payload).where(ALERTS.c.payload.is_not(None))
    went_on = (
        held.with_only_columns(
            ALERTS.c.source, func.min(ALERTS.c.first_seen).label("begun"), func.max(ALERTS.c.last_seen).label("over")
        )
        .group_by(ALERTS.c.number, ALERTS.c.source)
        .subquery()
    )
    meanwhile = and_(went_on.c.source == _ROW.source, _ROW.received_at.between(went_on.c.begun, went_on.c.over))
    old = (
        select(_ROW.id)
        .outerjoin_from(PAYLOADS, went_on, meanwhile)
        .where(_ROW.received_at < before, _ROW.id.not_in(named), went_on.c.source.is_(None))
        .order_by(_ROW.received_at)
        .limit(MOST_ERASED)
    )
    return connection.execute(delete(PAYLOADS).where(_ROW.id.in_(old))).rowcount
