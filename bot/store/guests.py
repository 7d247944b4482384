"""Channels of others: one incident at a time goes in; and which goes along with a tool that names no channel."""

from __future__ import annotations

from zlib import crc32

from sqlalchemy import Connection, Integer, bindparam, func, select

from bot.incidents.guests import known_by
from bot.store.tables import INCIDENTS

#: PostgreSQL's locks have two numbers: this one says what they are about
_CHANNELS = 742
_lock = select(func.pg_advisory_xact_lock(_CHANNELS, bindparam("channel", type_=Integer)))


def lock_channel(connection: Connection, channel: str) -> None:
    """Until the transaction ends nobody else decides who lives in the channel. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_lock, {"channel": crc32(channel.encode()) - 2**31})


def beside(connection: Connection, url: str) -> int | None:
    """The number of the newest incident that goes along with the one at this address."""
    row, known = INCIDENTS.c, known_by(url)
    if not known:
        return None
    question = select(row.number).where(row.beside == known).order_by(row.number.desc()).limit(1)
    number: int | None = connection.execute(question).scalar()
    return number
