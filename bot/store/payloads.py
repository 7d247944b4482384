"""Requests as they were received, redacted: kept so that one can see what was sent, and send it in once more.

``alerts.payload`` names the request that last changed an alert. Only those that changed something are here, so that
repeats do not make the table grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, delete, or_, select

from bot.store.statements import numbered
from bot.store.tables import ALERTS, INCIDENTS, PAYLOADS
from bot.store.writer import Writer

_ROW = PAYLOADS.c


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One request of ``source``. ``delivery`` is its sender's own name for it, empty if it has none."""

    id: int
    source: str
    received_at: datetime
    delivery: str
    body: str


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
    """Stores requests (``source``, ``delivery``, ``body``); their ids, in the same order."""
    return numbered(connection, PAYLOADS, [row | {"received_at": at} for row in rows])


def erase(connection: Connection, *, before: datetime) -> int:
    """Deletes what was received before then, but for what belongs to an incident under legal hold; how many.

    Of an alert that is held everything stays that its source sent while it went on.
    """
    held = select(ALERTS.c.id).join(INCIDENTS, INCIDENTS.c.number == ALERTS.c.number).where(INCIDENTS.c.held)
    meanwhile = (
        ALERTS.c.source == _ROW.source, ALERTS.c.first_seen <= _ROW.received_at,
        ALERTS.c.last_seen >= _ROW.received_at,
    )  # fmt: skip
    needed = held.where(or_(ALERTS.c.payload == _ROW.id, and_(*meanwhile))).exists()
    return connection.execute(delete(PAYLOADS).where(_ROW.received_at < before, ~needed)).rowcount
