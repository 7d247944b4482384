"""The alerts that belong to an incident, and moving them to another one. For jobs of the writer.

Locks are taken in the order of everything else: alerts, then groups, then incidents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from bot.store import groups
from bot.store.alerts import Received
from bot.store.tables import ALERTS, GROUPS

_ROW = ALERTS.c
_COLUMNS = [_ROW[name] for name in Received.__struct_fields__]
#: so many kinds of alerts a person can choose from
MOST_KINDS = 100
#: up to here each alert can be chosen by itself
MOST_SINGLE = 50
_AT_ONCE = 1000
_MOST_TEXT = 200


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts of an incident that can be chosen together: one of them, or all of one name, service and failure mode.

    ``key`` names them, and goes on to do so when more come in: ``alert:7`` or ``kind:7``, by the id of the oldest.
    ``which`` tells one from others of its name: the labels in which they differ.
    """

    key: str
    name: str
    service: str
    failure_mode: str
    count: int
    firing: int
    which: str = ""


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


def kinds(connection: Connection, number: int) -> list[Kind]:
    """What can be chosen of the incident's alerts, in the order in which they came: each one, if they are few."""
    if count(connection, number) <= MOST_SINGLE:
        return single(_of(connection, _ROW.number == number))
    fires = func.sum(case((_ROW.status == "firing", 1), else_=0))
    what = (_ROW.name, _ROW.service, _ROW.failure_mode)
    question = (
        select(func.min(_ROW.id), *what, func.count(), fires)
        .where(_ROW.number == number)
        .group_by(*what)
        .order_by(func.min(_ROW.id))
        .limit(MOST_KINDS)
    )
    return [
        Kind(key=f"kind:{first}", name=name, service=service, failure_mode=mode, count=int(many), firing=int(firing))
        for first, name, service, mode, many, firing in connection.execute(question)
    ]


def single(rows: Sequence[Received]) -> list[Kind]:
    """Each alert by itself, however often it began, with what tells it from others of its name."""
    lives: dict[tuple[str, str], list[Received]] = {}
    for row in rows:
        lives.setdefault((row.source, row.fingerprint), []).append(row)
    return [
        Kind(
            key=f"alert:{one[0].id}", name=one[0].name, service=one[0].service, failure_mode=one[0].failure_mode,
            count=1, firing=int(any(row.status == "firing" for row in one)),
            which=_which(one[0], [row for row in rows if row.name == one[0].name]),
        )
        for one in lives.values()
    ]  # fmt: skip


def _which(one: Received, others: Sequence[Received]) -> str:
    """The labels in which the alert differs from others of its name, at most two."""
    differ = [
        name for name, value in sorted(one.labels.items())
        if any(other.labels.get(name) != value for other in others)
    ]  # fmt: skip
    return ", ".join(f"{name}={one.labels[name]}" for name in differ[:2])


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


def chosen(connection: Connection, number: int, keys: Collection[str]) -> list[Received]:
    """The incident's alerts that these ``Kind.key`` name, locked in the order of their ids."""
    ids = {
        int(first): kind
        for kind, _, first in (key.partition(":") for key in keys)
        if first.isdecimal() and len(first) < 19
    }
    named = _of(connection, and_(_ROW.number == number, _ROW.id.in_(sorted(ids))))
    if not named:
        return []
    return _of(connection, and_(_ROW.number == number, or_(*(_like(row, ids[row.id]) for row in named))), lock=True)


def _like(row: Received, kind: str) -> ColumnElement[bool]:
    if kind == "alert":
        return and_(_ROW.source == row.source, _ROW.fingerprint == row.fingerprint)
    return and_(_ROW.name == row.name, _ROW.service == row.service, _ROW.failure_mode == row.failure_mode)


def _of(connection: Connection, which: ColumnElement[bool], *, lock: bool = False) -> list[Received]:
    question = select(*_COLUMNS).where(which).order_by(_ROW.id)
    rows = connection.execute(question.with_for_update() if lock else question).mappings()
    return [Received(**row) for row in rows]


def move(connection: Connection, ids: Sequence[int], *, to: int) -> None:
    """These alerts belong to incident ``to``."""
    for start in range(0, len(ids), _AT_ONCE):
        these = _ROW.id.in_(ids[start : start + _AT_ONCE])
        connection.execute(update(ALERTS).where(these).values(number=to))


def repoint(connection: Connection, *, number: int, to: int, alerts: Sequence[Received], at: datetime) -> None:
    """New alerts of a service and failure mode go to ``to`` if none like them stayed in ``number``."""
    for place in sorted({(row.service, row.failure_mode) for row in alerts}):
        like = (_ROW.number == number, _ROW.service == place[0], _ROW.failure_mode == place[1])
        if connection.execute(select(_ROW.id).where(*like).limit(1)).first() is None:
            groups.put(connection, place, number=to, at=at)
