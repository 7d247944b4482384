"""The kinds of an incident's alerts, of which a person chooses some: each by itself, by name, or by a label.

For jobs of the writer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, and_, case, false, func, or_, select, true, type_coerce

from bot.alerts.reports import REPORTED_BY, says_by_people
from bot.store.alerts import Received
from bot.store.among import among
from bot.store.belongings import count
from bot.store.received import COLUMNS, chunks, row_of
from bot.store.tables import ALERTS

_ROW = ALERTS.c
#: so many kinds of alerts a person can choose from
MOST_KINDS = 100
#: up to here each alert can be chosen by itself
MOST_SINGLE = 50
_FIRES = func.sum(case((_ROW.status == "firing", 1), else_=0))
_LABELS = type_coerce(_ROW.labels, Text)
#: what stands in a column of its own, by what a mute calls it
_COLUMN_OF = {"alertname": "name", "service": "service", "failure_mode": "failure_mode", "severity": "severity"}
_FOUND = {name: _ROW[column] for name, column in _COLUMN_OF.items()}

Labels = Mapping[str, str]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts of an incident that can be chosen together: one of them, all of one name, service and failure mode, or
    all with one label.

    ``key`` names them, and goes on to do so when more come in, by the id of the oldest: ``alert:7``, ``kind:7``, or
    ``label:7:region`` for those with the same region.
    ``which`` tells one from others of its name: the labels in which they differ.
    """

    key: str
    name: str
    service: str
    failure_mode: str
    count: int
    firing: int
    which: str = ""


class Going(msgspec.Struct, frozen=True):
    """What is asked of an alert that is chosen: there may be a hundred thousand, so their labels are not read."""

    reported: bool  # by a person
    id: int
    source: str
    fingerprint: str
    starts_at: datetime
    status: str
    name: str
    service: str
    failure_mode: str
    severity: str | None


_GOING = [_ROW[name] for name in Going.__struct_fields__[1:]]
_labels_of = select(_ROW.id, _ROW.labels).where(among(_ROW.id, "ids"))
_MAY_SAY_SO = case((_LABELS.like(f'%"{REPORTED_BY}":%'), _ROW.labels))


def kinds(
    connection: Connection, number: int, words: str = "", shown: Callable[[Labels], Labels] = dict
) -> list[Kind]:
    """What can be chosen of the incident's alerts, in the order in which they came: each one, if they are few.

    ``words``: only kinds in whose name, service or failure mode they are; ``region=eu``: all that have this label.
    ``shown`` says how labels may be read.
    """
    label, is_label, value = words.partition("=")
    if is_label:
        return _of_label(connection, number, label.strip(), value.strip())
    if count(connection, number) <= MOST_SINGLE:
        found = single(_of(connection, _ROW.number == number), shown)
        return [
            kind
            for kind in found
            if words.lower() in f"{kind.name} {kind.service} {kind.failure_mode} {kind.which}".lower()
        ]
    what = (_ROW.name, _ROW.service, _ROW.failure_mode)
    named = or_(*(column.icontains(words, autoescape=True) for column in what)) if words else true()
    question = (
        select(func.min(_ROW.id), *what, func.count(), _FIRES)
        .where(_ROW.number == number, named)
        .group_by(*what)
        .order_by(func.min(_ROW.id))
        .limit(MOST_KINDS)
    )
    return [
        Kind(key=f"kind:{first}", name=name, service=service, failure_mode=mode, count=int(many), firing=int(firing))
        for first, name, service, mode, many, firing in connection.execute(question)
    ]


def _of_label(connection: Connection, number: int, name: str, value: str) -> list[Kind]:
    """All that have the label, as one kind; none if no alert has it."""
    question = select(func.min(_ROW.id), func.count(), _FIRES).where(_ROW.number == number, _has(name, value))
    first, many, firing = connection.execute(question).one()
    if first is None:
        return []
    called, which = f"{name}={value}", "all that have it"
    return [
        Kind(
            key=f"label:{first}:{name}", name=called, service="", failure_mode="", count=int(many),
            firing=int(firing), which=which,
        )
    ]  # fmt: skip


def _has(name: str, value: str) -> ColumnElement[bool]:
    """Whether an alert has the label; what it was found to be about counts as in a mute."""
    if name in _FOUND:
        return _FOUND[name] == value
    pair = msgspec.json.encode({name: value}).decode()[1:-1]  # as the column holds it
    return func.replace(_LABELS, pair, "") != _LABELS


def single(rows: Sequence[Received], shown: Callable[[Labels], Labels] = dict) -> list[Kind]:
    """Each alert by itself, however often it began, with what tells it from others of its name."""
    lives: dict[tuple[str, str], list[Received]] = {}
    for row in rows:
        lives.setdefault((row.source, row.fingerprint), []).append(row)
    return [
        Kind(
            key=f"alert:{one[0].id}", name=one[0].name, service=one[0].service, failure_mode=one[0].failure_mode,
            count=1, firing=int(any(row.status == "firing" for row in one)),
            which=_which(one[0], [row for row in rows if row.name == one[0].name], shown),
        )
        for one in lives.values()
    ]  # fmt: skip


def _which(one: Received, others: Sequence[Received], shown: Callable[[Labels], Labels]) -> str:
    """The labels in which the alert differs from others of its name, at most two."""
    differ = [
        name for name, value in sorted(one.labels.items())
        if any(other.labels.get(name) != value for other in others)
    ]  # fmt: skip
    labels = shown(one.labels)
    return ", ".join(f"{name}={labels[name]}" for name in differ[:2])


def chosen(connection: Connection, number: int, keys: Collection[str]) -> list[Going]:
    """The incident's alerts that these ``Kind.key`` name, locked in the order of their ids."""
    wanted = [key.split(":", 2) for key in keys]
    asked = [(int(one[1]), one) for one in wanted if len(one) > 1 and one[1].isdecimal() and len(one[1]) < 19]
    named = _of(connection, and_(_ROW.number == number, _ROW.id.in_(sorted({first for first, _ in asked}))))
    rows = {row.id: row for row in named}
    alike = [_like(rows[first], key) for first, key in asked if first in rows]
    if not alike:
        return []
    question = select(_MAY_SAY_SO, *_GOING).where(_ROW.number == number, or_(*alike)).order_by(_ROW.id)
    found = connection.execute(question.with_for_update())
    return [Going(says_by_people(labels or {}), *row) for labels, *row in found]


def whole(connection: Connection, one: Going) -> Received:
    """All of the alert."""
    return _of(connection, _ROW.id == one.id)[0]


def labels(connection: Connection, going: Sequence[Going]) -> Iterator[tuple[Going, dict[str, str]]]:
    """Each of these alerts with its labels."""
    for these in chunks(going):
        asked = connection.execute(_labels_of, {"ids": [one.id for one in these]})
        found = {row.id: row.labels for row in asked}
        yield from ((one, found[one.id]) for one in these)


def _like(row: Received, key: Sequence[str]) -> ColumnElement[bool]:
    """The alerts that are chosen with this one."""
    if key[0] == "alert":
        return and_(_ROW.source == row.source, _ROW.fingerprint == row.fingerprint)
    if key[0] == "label":
        name = key[2] if len(key) > 2 else ""
        value = getattr(row, _COLUMN_OF[name]) if name in _COLUMN_OF else row.labels.get(name)
        return _has(name, value) if value is not None else false()
    return and_(_ROW.name == row.name, _ROW.service == row.service, _ROW.failure_mode == row.failure_mode)


def _of(connection: Connection, which: ColumnElement[bool]) -> list[Received]:
    return [row_of(row) for row in connection.execute(select(*COLUMNS).where(which).order_by(_ROW.id))]
