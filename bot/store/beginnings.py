"""When alerts last began, as far as is known here: for those whose source does not say it. For jobs of the writer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, and_, case, func, select

from bot.store.tables import ALERTS, INCIDENTS

_ROW = ALERTS.c
#: SQLite takes 32,766 parameters in a statement
_AT_ONCE = 1000

#: an alert, whenever it began: its source and its fingerprint
Who = tuple[str, str]


class Beginning(msgspec.Struct, frozen=True):
    """The last time that an alert began, and whether it fires since.

    One whose incident was resolved does not count as firing: if it is heard of again, it began again. Its source may
    never say that it ended.
    """

    starts_at: datetime
    fires: bool


def last_beginnings(connection: Connection, alerts: Collection[Who]) -> dict[Who, Beginning]:
    """The last beginning of each of these alerts, of those that fire if any does; never heard of, it is left out."""
    found: dict[Who, Beginning] = {}
    for source in sorted({source for source, _ in alerts}):
        fingerprints = sorted(fingerprint for of, fingerprint in alerts if of == source)
        for start in range(0, len(fingerprints), _AT_ONCE):
            these = fingerprints[start : start + _AT_ONCE]
            firing = func.max(case((_ROW.status == "firing", _ROW.starts_at)))
            last = (
                select(_ROW.fingerprint, func.coalesce(firing, func.max(_ROW.starts_at)).label("starts_at"))
                .where(_ROW.source == source, _ROW.fingerprint.in_(these))
                .group_by(_ROW.fingerprint)
                .subquery()
            )
            same = and_(_ROW.fingerprint == last.c.fingerprint, _ROW.starts_at == last.c.starts_at)
            question = (
                select(_ROW.fingerprint, _ROW.starts_at, _ROW.status, INCIDENTS.c.status.label("incident"))
                .join(last, same)
                .outerjoin(INCIDENTS, INCIDENTS.c.number == _ROW.number)
                .where(_ROW.source == source)
            )
            for row in connection.execute(question):
                fires = row.status == "firing" and row.incident != "resolved"
                found[source, row.fingerprint] = Beginning(row.starts_at, fires)
    return found
