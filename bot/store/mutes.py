"""The rows of mutes, and of the alerts that are kept quiet. For jobs of the writer; ``Mutes`` answers questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, tuple_, update

from bot.alerts.quiet import Mute
from bot.store.alerts import Received
from bot.store.tables import ALERTS, GROUPS, MUTES, QUIET
from bot.store.writer import Writer

_ROW = MUTES.c
_COLUMNS = [_ROW[name] for name in Mute.__struct_fields__]
_ALERT = [ALERTS.c[name] for name in Received.__struct_fields__]
#: asked for every alert that begins, so it is made once
_on = select(*_COLUMNS).where(_ROW.until > bindparam("now"), _ROW.ended_at.is_(None)).order_by(_ROW.until, _ROW.id)
_places = select(GROUPS.c.service, GROUPS.c.failure_mode).where(GROUPS.c.number == bindparam("of"))
_like = (
    select(ALERTS.c.muted)
    .where(QUIET)
    .where(or_(ALERTS.c.number == bindparam("of"), tuple_(ALERTS.c.service, ALERTS.c.failure_mode).in_(_places)))
    .order_by(ALERTS.c.id)
    .limit(1)
)
#: how many alerts one job lets go on their way
MOST_AT_ONCE = 500


class Mutes:
    """Questions about mutes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def current(self, now: datetime) -> list[Mute]:
        """Those that are on, the one that ends first comes first."""
        return await self._writer.read(lambda connection: current(connection, now))


def current(connection: Connection, now: datetime) -> list[Mute]:
    """The mutes that are on, the one that ends first comes first."""
    return [Mute(**row._mapping) for row in connection.execute(_on, {"now": now})]


def add(
    connection: Connection, match: Mapping[str, str], *, at: datetime, until: datetime, by: str, reason: str
) -> Mute:
    """The mute that somebody set."""
    row = {"match": dict(match), "at": at, "until": until, "by": by, "reason": reason}
    number = connection.execute(insert(MUTES).values(row).returning(_ROW.id)).scalar_one()
    return Mute(id=number, match=dict(match), at=at, until=until, by=by, reason=reason)


def end(connection: Connection, mute: int, *, at: datetime, by: str) -> Mute | None:
    """The mute, which is over from now on; None if there is none of that number that is on."""
    here = and_(_ROW.id == mute, _ROW.until > at, _ROW.ended_at.is_(None))
    ended = update(MUTES).where(here).values(ended_at=at, ended_by=by).returning(*_COLUMNS)
    row = connection.execute(ended).mappings().first()
    return None if row is None else Mute(**row)


def hush(connection: Connection, why: Mapping[int, str]) -> None:
    """These alerts (id -> what keeps them quiet) fire, and nobody hears of it."""
    by_reason: dict[str, list[int]] = {}
    for alert_id, reason in why.items():
        by_reason.setdefault(reason, []).append(alert_id)
    for reason, ids in by_reason.items():
        for start in range(0, len(ids), MOST_AT_ONCE):
            these = ALERTS.c.id.in_(ids[start : start + MOST_AT_ONCE])
            quiet = {"muted": reason, "status": "firing", "ends_at": None}
            connection.execute(update(ALERTS).where(these).values(quiet))


def like(connection: Connection, number: int) -> str:
    """What keeps an alert quiet that fires and is the incident's, or would have joined it; empty: there is none."""
    return str(connection.execute(_like, {"of": number}).scalar() or "")


def hushed(connection: Connection, *, but_for: Collection[str], after: int = 0) -> Sequence[Received]:
    """The next alerts that fire and are kept quiet by something else than ``but_for``, locked, ordered by id."""
    question = (
        select(*_ALERT)
        .where(QUIET, ALERTS.c.id > after, ALERTS.c.muted.not_in(but_for))
        .order_by(ALERTS.c.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    return [Received(**row) for row in connection.execute(question).mappings()]
