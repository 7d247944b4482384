"""What was delivered and carried out, so that a repeated delivery is recognised. Kept for a day.

Slack's are kept under Slack's own names, those of alerting systems under ``alerts/{source}/{name}``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, select, update

from bot.store.statements import ignoring
from bot.store.tables import DELIVERIES

KEPT = timedelta(hours=24)


class Repeated(msgspec.Struct, frozen=True):
    """The delivery came before; ``number`` is the incident that it was about."""

    number: int | None


def receive(connection: Connection, key: str, *, at: datetime, number: int | None = None) -> Repeated | None:
    """Notes the delivery in the transaction that carries it out; what is known of it if it came before."""
    noted = connection.execute(
        ignoring(connection, DELIVERIES).values(key=key, at=at, number=number).returning(DELIVERIES.c.key)
    )
    if noted.scalar() is not None:
        connection.execute(delete(DELIVERIES).where(DELIVERIES.c.at < at - KEPT))
        return None
    return Repeated(connection.execute(select(DELIVERIES.c.number).where(DELIVERIES.c.key == key)).scalar())


def receive_all(connection: Connection, keys: Collection[str], *, at: datetime) -> set[str]:
    """Notes these deliveries in the transaction that carries them out; those that had not come before."""
    if not keys:
        return set()
    rows = [{"key": key, "at": at} for key in sorted(keys)]
    noted = set(connection.execute(ignoring(connection, DELIVERIES).returning(DELIVERIES.c.key), rows).scalars())
    connection.execute(delete(DELIVERIES).where(DELIVERIES.c.at < at - KEPT))
    return noted


def about(connection: Connection, key: str, number: int) -> None:
    """The delivery opened this incident."""
    connection.execute(update(DELIVERIES).where(DELIVERIES.c.key == key).values(number=number))


def noted_at(connection: Connection, key: str) -> datetime | None:
    """When it was noted; None: it is not known, or no longer."""
    at: datetime | None = connection.execute(select(DELIVERIES.c.at).where(DELIVERIES.c.key == key)).scalar()
    return at


def renew(connection: Connection, key: str, *, at: datetime) -> None:
    """Notes it as of ``at``, be it known already."""
    connection.execute(delete(DELIVERIES).where(DELIVERIES.c.key == key))
    receive(connection, key, at=at)


def number_of(connection: Connection, key: str) -> int | None:
    """The incident that it was about; None: it is not known, or no longer."""
    number: int | None = connection.execute(select(DELIVERIES.c.number).where(DELIVERIES.c.key == key)).scalar()
    return number
