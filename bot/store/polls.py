"""Who asks a source next, and what it said last: so that one replica asks, and a change is stored once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, select, update

from bot.changes.change import Change
from bot.store.jobs import Lane
from bot.store.statements import ignoring
from bot.store.tables import POLLS
from bot.store.writer import Writer

#: what stores a change within a job of the writer
Add = Callable[[Connection, Change, datetime], object]

_NEVER = datetime(1970, 1, 2, tzinfo=UTC)
_ROW = POLLS.c


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A turn to ask the source ``name``, taken ``at`` that time; ``state`` was put down after the last one."""

    name: str
    at: datetime
    state: Mapping[str, str]


class Polls:
    """The turns of all replicas."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def turn(self, name: str, *, every: timedelta) -> Poll | None:
        """The turn, if nobody had one since ``every`` ago; None else. Raises ``DatabaseAway``."""

        def job(connection: Connection, now: datetime) -> Poll | None:
            connection.execute(ignoring(connection, POLLS).values(name=name, at=_NEVER, state={}))
            row = connection.execute(select(_ROW.at, _ROW.state).where(_ROW.name == name).with_for_update()).one()
            if now - every < row.at <= now:  # a clock that went back does not stop the asking
                return None
            connection.execute(update(POLLS).where(_ROW.name == name).values(at=now))
            return Poll(name=name, at=now, state=row.state)

        return await self._writer.submit(job, lane=Lane.CONTROLLER)

    async def put_down(self, poll: Poll, state: Mapping[str, str], changes: Sequence[Change], *, add: Add) -> bool:
        """What the source said, and the changes that it comes to, in one commit; ``add`` stores each.

        False, and nothing is stored, if somebody else had a turn meanwhile. Raises ``DatabaseAway``.
        """

        def job(connection: Connection, now: datetime) -> bool:
            mine = update(POLLS).where(_ROW.name == poll.name, _ROW.at == poll.at).values(state=dict(state))
            if connection.execute(mine).rowcount == 0:
                return False
            for change in changes:
                add(connection, change, now)
            return True

        return await self._writer.submit(job, lane=Lane.CONTROLLER)
