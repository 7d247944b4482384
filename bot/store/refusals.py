"""What could not be taken in, by source and kind of reason: counted, told once in a while, a few of them kept.

However many there are, a source and kind has one row here, and ``MOST_KEPT`` requests in each ``KEEPING``: forty
megabytes a month at most, if nothing that it sends can be read and all of it is as long as may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, select, update

from bot.alerts.refused import Refusal
from bot.store import payloads
from bot.store.jobs import Lane
from bot.store.refusal_row import REFUSALS
from bot.store.statements import ignoring
from bot.store.writer import Writer

#: so many requests of a source and kind are kept in so long
MOST_KEPT = 5
KEEPING = timedelta(hours=6)
#: nobody is told of the same source and kind before this is over
AGAIN = timedelta(hours=1)
#: after so long without any it is another story
_ANOTHER_STORY = timedelta(days=1)
#: a replica that took it upon itself to tell, and did not, is waited for so long
_PATIENCE = timedelta(seconds=60)

_ROW = REFUSALS.c


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """As many as a process refused since it last said so. ``bodies`` are reasons and, redacted, what was sent."""

    source: str
    kind: str
    count: int
    reason: str
    bodies: Sequence[tuple[str, str]] = ()


_COLUMNS = [_ROW[name] for name in Refusal.__struct_fields__]


class Refusals:
    """Questions about what was refused, and whose turn it is to tell."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def since(self, at: datetime) -> list[Refusal]:
        """Those of which any came at or after ``at``, the last one first."""
        question = select(*_COLUMNS).where(_ROW.last_at >= at).order_by(_ROW.last_at.desc(), _ROW.source, _ROW.kind)
        return await self._writer.read(lambda connection: _read(connection, question))

    async def to_tell(self) -> list[Refusal]:
        """What somebody should hear of now; for a minute no other replica gets the same. Raises ``DatabaseAway``.

        Nothing is written while there is nothing to tell.
        """
        waiting = select(_ROW.source).where(_ROW.untold > 0).limit(1)
        if (await self._writer.read(lambda connection: connection.execute(waiting).first())) is None:
            return []
        return await self._writer.submit(_claim, lane=Lane.CONTROLLER)

    async def told(self, refusal: Refusal) -> None:
        """Somebody heard of it: not before the next hour does anybody again. Raises ``DatabaseAway``."""

        def job(connection: Connection, now: datetime) -> None:
            row = connection.execute(select(_ROW.untold).where(*_is(refusal)).with_for_update()).scalar_one_or_none()
            left = max(0, (row or 0) - refusal.untold)
            since = now if left else None
            values = {"untold": left, "untold_since": since, "told_at": now, "telling_until": None}
            connection.execute(update(REFUSALS).where(*_is(refusal)).values(**values))

        await self._writer.submit(job, lane=Lane.CONTROLLER)


def note(connection: Connection, now: datetime, *, refused: Sequence[Refused]) -> None:
    """They are counted; of their bodies as many are kept as may be."""
    for one in sorted(refused, key=lambda one: (one.source, one.kind)):
        _note(connection, now, one)


def _note(connection: Connection, now: datetime, new: Refused) -> None:
    empty = {"source": new.source, "kind": new.kind, "first_at": now, "last_at": now}
    nothing = {"count": 0, "reason": "", "kept": 0, "untold": 0}
    connection.execute(ignoring(connection, REFUSALS), [empty | nothing])
    row = connection.execute(select(REFUSALS).where(*_is(new)).with_for_update()).mappings().one()
    fresh = row["kept_from"] is None or not row["kept_from"] <= now < row["kept_from"] + KEEPING
    kept = 0 if fresh else row["kept"]
    bodies = new.bodies[: max(0, MOST_KEPT - kept)]
    asked = {"source": new.source, "delivery": ""}
    ids = payloads.add(connection, [asked | {"body": body, "refused": why} for why, body in bodies], at=now)
    another = now - row["last_at"] > _ANOTHER_STORY
    values = {
        "first_at": now if another else row["first_at"],
        "last_at": max(now, row["last_at"]),  # clocks jump back
        "count": new.count + (0 if another else row["count"]),
        "reason": new.reason,
        "request": ids[-1] if ids else row["request"],
        "kept": kept + len(ids),
        "kept_from": now if fresh else row["kept_from"],
        "untold": row["untold"] + new.count,
        "untold_since": row["untold_since"] or now,
    }
    connection.execute(update(REFUSALS).where(*_is(new)).values(**values))


def _claim(connection: Connection, now: datetime) -> list[Refusal]:
    rows = connection.execute(
        select(*_COLUMNS, _ROW.told_at, _ROW.telling_until)
        .where(_ROW.untold > 0)
        .order_by(_ROW.source, _ROW.kind)
        .with_for_update()
    ).all()
    due = [
        Refusal(**{name: getattr(row, name) for name in Refusal.__struct_fields__})
        for row in rows
        if not _within(row.told_at, now, AGAIN) and not _within(row.telling_until, now, -_PATIENCE)
    ]
    for refusal in due:
        connection.execute(update(REFUSALS).where(*_is(refusal)).values(telling_until=now + _PATIENCE))
    return due


def _within(at: datetime | None, now: datetime, length: timedelta) -> bool:
    """Whether ``now`` is between ``at`` and so much later, or earlier; a clock that went back silences nobody."""
    if at is None:
        return False
    begin, end = sorted((at, at + length))
    return begin <= now < end


def _is(refusal: Refused | Refusal) -> tuple[ColumnElement[bool], ...]:
    return (_ROW.source == refusal.source, _ROW.kind == refusal.kind)


def _read(connection: Connection, question: Select[Any]) -> list[Refusal]:
    return [Refusal(**row) for row in connection.execute(question).mappings()]
