"""The rows that grouping locks before it decides: one for each service and failure mode."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from bot.store.among import all_among
from bot.store.statements import ignoring
from bot.store.tables import GROUPS

_ROW = GROUPS.c
Key = tuple[str, str]


_lock = (
    select(GROUPS)
    .where(all_among((_ROW.service, _ROW.failure_mode), "keys"))
    .order_by(_ROW.service, _ROW.failure_mode)
    .with_for_update()
)
_newest = select(_ROW.number).where(all_among((_ROW.service, _ROW.failure_mode), "keys"), _ROW.number.is_not(None))
_put = (
    update(GROUPS)
    .where(_ROW.service == bindparam("of"), _ROW.failure_mode == bindparam("mode"))
    .values(number=bindparam("to"), last_at=bindparam("at"))
)


def lock(connection: Connection, keys: Collection[Key]) -> dict[Key, tuple[int, datetime] | None]:
    """Locks the rows of these (service, failure mode), in sorted order, making those that are missing.

    What they hold: the newest incident's number and when an alert last joined it; None if there was none yet.
    """
    ordered = sorted(keys)
    if not ordered:
        return {}
    # SQLite has one writer, so looking comes first; elsewhere making and locking are done in one order by everybody.
    found = {} if connection.dialect.name == "postgresql" else _locked(connection, ordered)
    missing = [key for key in ordered if key not in found]
    if missing:
        rows = [{"service": service, "failure_mode": failure_mode} for service, failure_mode in missing]
        connection.execute(ignoring(connection, GROUPS), rows)
        found = _locked(connection, ordered)
    return found


def newest(connection: Connection, keys: Collection[Key]) -> set[int]:
    """The newest incidents of these (service, failure mode)."""
    found = connection.execute(_newest, {"keys": sorted(keys)}) if keys else ()
    return {int(number) for (number,) in found}


def _locked(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[int, datetime] | None]:
    return {
        (row.service, row.failure_mode): None if row.number is None else (row.number, row.last_at)
        for row in connection.execute(_lock, {"keys": keys})
    }


def put(connection: Connection, key: Key, *, number: int, at: datetime) -> None:
    """An alert joined incident ``number`` at ``at``; for the holder of the lock."""
    connection.execute(_put, {"of": key[0], "mode": key[1], "to": number, "at": at})


def put_all(connection: Connection, keys: Collection[Key], *, number: int, at: datetime) -> None:
    """The same for several groups at once; for the holder of their locks."""
    rows = [{"of": service, "mode": mode, "to": number, "at": at} for service, mode in sorted(keys)]
    if rows:
        connection.execute(_put, rows)
