"""Which incident goes along with that of another tool, where the tool names no channel."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.incidents.guests import known_by
from bot.store.tables import INCIDENTS


def beside(connection: Connection, url: str) -> int | None:
    """The number of the newest incident that goes along with the one at this address."""
    row, known = INCIDENTS.c, known_by(url)
    if not known:
        return None
    question = select(row.number).where(row.beside == known).order_by(row.number.desc()).limit(1)
    number: int | None = connection.execute(question).scalar()
    return number
