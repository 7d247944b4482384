"""What is erased of an incident beside its log: what its alerts said, and the requests that brought them."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from bot.store.tables import ALERTS, PAYLOADS


def blank_alerts(connection: Connection, number: int) -> None:
    """The annotations of the incident's alerts, and the kept requests that changed them last, are empty."""
    requests = select(ALERTS.c.payload).where(ALERTS.c.number == number, ALERTS.c.payload.is_not(None))
    connection.execute(update(PAYLOADS).where(PAYLOADS.c.id.in_(requests)).values(body=""))
    connection.execute(update(ALERTS).where(ALERTS.c.number == number).values(annotations={}))
