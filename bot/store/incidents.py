"""Questions about incidents beyond their logs: lists, and whose channel it is."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from bot.store.tables import INCIDENTS

_ROW = INCIDENTS.c


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list of incidents."""

    number: int
    status: str
    service: str
    failure_mode: str
    severity: str | None
    title: str
    team_id: str
    channel: str
    opened_at: datetime

    @property
    def key(self) -> str:
        """``INC-1``."""
        return f"INC-{self.number}"


def listing(connection: Connection, *, status: str | None, limit: int) -> list[Listed]:
    """The newest incidents first; only those of ``status``, if it is given."""
    question = select(*(_ROW[name] for name in Listed.__struct_fields__)).order_by(_ROW.number.desc()).limit(limit)
    if status is not None:
        question = question.where(_ROW.status == status)
    return [Listed(**row) for row in connection.execute(question).mappings()]


def in_channel(connection: Connection, channel: str) -> int | None:
    """The newest incident that lives in the channel."""
    question = select(_ROW.number).where(_ROW.channel == channel).order_by(_ROW.number.desc()).limit(1)
    number: int | None = connection.execute(question).scalar()
    return number
