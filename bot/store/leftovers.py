"""What nobody needs any more, beside requests: old changes and refusals, mutes that are over, quiet alerts, polls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select

from bot.store.tables import ALERTS, CHANGES, INCIDENTS, MUTES, POLLS, REFUSALS

#: so many rows are erased by one job: nobody waits long for the writer
MOST_ERASED = 1000
#: what was changed so long before an incident under legal hold may be what it is about
BEFORE_HOLD = timedelta(days=30)

Erase = Callable[[Connection, datetime], int]


def changes(connection: Connection, before: datetime) -> int:
    """The oldest changes from before then, ``MOST_ERASED`` at most; how many.

    While an incident is under legal hold, nothing goes that was changed in the month before it opened, or later.
    """
    held = connection.execute(select(func.min(INCIDENTS.c.opened_at)).where(INCIDENTS.c.held)).scalar()
    if held is not None:
        before = min(before, held - BEFORE_HOLD)
    return _oldest(connection, CHANGES, CHANGES.c.at < before, by=CHANGES.c.at)


def mutes(connection: Connection, before: datetime) -> int:
    """Mutes that were over before then."""
    over = or_(MUTES.c.until < before, and_(MUTES.c.ended_at.is_not(None), MUTES.c.ended_at < before))
    return _oldest(connection, MUTES, over, by=MUTES.c.until)


def quiet_alerts(connection: Connection, before: datetime) -> int:
    """Alerts that were kept quiet until they ended, and were last heard of before then: no incident has them.

    One that still fires stays: it is to be heard when its mute is over.
    """
    row = ALERTS.c
    over = and_(row.number.is_(None), row.muted != "", row.status == "resolved", row.last_seen < before)
    return _oldest(connection, ALERTS, over, by=row.last_seen)


def polls(connection: Connection, before: datetime) -> int:
    """What sources said that were asked for the last time before then: they are not in the configuration any more."""
    gone = delete(POLLS).where(POLLS.c.at < before)
    return connection.execute(gone).rowcount


def refusals(connection: Connection, before: datetime) -> int:
    """What was refused for the last time before then; a reason may name the value that was wrong."""
    return connection.execute(delete(REFUSALS).where(REFUSALS.c.last_at < before)).rowcount


#: what is erased after ``keep_payloads``, like the requests
LEFTOVERS: Mapping[str, Erase] = {"mutes": mutes, "quiet alerts": quiet_alerts, "polls": polls, "refusals": refusals}


def _oldest(connection: Connection, table: Table, which: ColumnElement[bool], *, by: ColumnElement[datetime]) -> int:
    these = select(table.c.id).where(which).order_by(by).limit(MOST_ERASED)
    return connection.execute(delete(table).where(table.c.id.in_(these))).rowcount
