"""The alerts that belong to an incident, and moving them to another one. For jobs of the writer.

Locks are taken in the order of everything else: alerts, then groups, then incidents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update

from bot.store import groups
from bot.store.among import among
from bot.store.tables import ALERTS, GROUPS

_ROW = ALERTS.c
_AT_ONCE = 1000
_MOST_TEXT = 200


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One alert of an incident, without its labels: they may hold what is nobody else's business.

    ``text`` is the sentence that people read, which tells one from others of its name. ``count`` is how often it was
    sent, ``url`` shows it at its source, ``payload`` names the request that changed it.
    """

    id: int
    source: str
    fingerprint: str
    name: str
    service: str
    failure_mode: str
    severity: str | None
    status: str
    starts_at: datetime
    ends_at: datetime | None
    first_seen: datetime
    last_seen: datetime
    count: int
    flaps: int
    url: str
    payload: int | None
    text: str = ""


def seen(connection: Connection, number: int, *, limit: int) -> list[Seen]:
    """The incident's alerts, those that fire first, then the one that was seen last; at most ``limit``."""
    named = [_ROW[name] for name in Seen.__struct_fields__ if name != "text"]
    question = select(_ROW.annotations, *named).where(_ROW.number == number)
    question = question.order_by(_ROW.status, _ROW.last_seen.desc(), _ROW.id.desc()).limit(limit)
    return [
        Seen(**{name: value for name, value in row.items() if name != "annotations"}, text=_text(row["annotations"]))
        for row in connection.execute(question).mappings()
    ]


def _text(annotations: Mapping[str, str]) -> str:
    return (annotations.get("summary") or annotations.get("description") or "")[:_MOST_TEXT]


def count(connection: Connection, number: int) -> int:
    """How many alerts belong to the incident."""
    return int(connection.execute(select(func.count()).where(_ROW.number == number)).scalar_one())


def lock_all(connection: Connection, number: int) -> None:
    """The rows of the incident's alerts are locked, in the order of their ids."""
    ids = select(_ROW.id).where(_ROW.number == number).order_by(_ROW.id).with_for_update().subquery()
    connection.execute(select(func.count()).select_from(ids)).scalar_one()


def places(connection: Connection, number: int) -> list[groups.Key]:
    """The services and failure modes whose newest incident it is, locked."""
    here = select(GROUPS.c.service, GROUPS.c.failure_mode).where(GROUPS.c.number == number)
    found = [(service, mode) for service, mode in connection.execute(here)]
    groups.lock(connection, found)
    return found


def move_all(connection: Connection, number: int, *, to: int) -> None:
    """The incident's alerts, and its services and failure modes, belong to incident ``to``."""
    connection.execute(update(ALERTS).where(_ROW.number == number).values(number=to))
    connection.execute(update(GROUPS).where(GROUPS.c.number == number).values(number=to))


_move = update(ALERTS).where(among(_ROW.id, "ids")).values(number=bindparam("to"))


def move(connection: Connection, ids: Sequence[int], *, to: int) -> None:
    """These alerts belong to incident ``to``."""
    for start in range(0, len(ids), _AT_ONCE):
        connection.execute(_move, {"ids": ids[start : start + _AT_ONCE], "to": to})


def repoint(connection: Connection, *, number: int, to: int, of: Collection[groups.Key], at: datetime) -> None:
    """New alerts of a service and failure mode go to ``to`` if none like them stayed in ``number``."""
    for place in sorted(of):
        like = (_ROW.number == number, _ROW.service == place[0], _ROW.failure_mode == place[1])
        if connection.execute(select(_ROW.id).where(*like).limit(1)).first() is None:
            groups.put(connection, place, number=to, at=at)
