"""What is erased of an incident beside its log: what its alerts said, and the requests that brought them.

For jobs of the writer. Nothing of an incident under a legal hold is erased with another one's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, and_, func, or_, select, type_coerce, update

from bot.alerts.reports import REPORTED_BY, SOURCE
from bot.store.payloads import Payload
from bot.store.refusal_row import REFUSALS
from bot.store.tables import ALERTS, INCIDENTS, PAYLOADS

_ROW = ALERTS.c
_AT_ONCE = 1000
#: so many requests are looked at together
MOST_LOOKED_AT = 200
#: what is refused is written down a little after the alerts beside it
_LATER = timedelta(minutes=1)
_REPORTED = type_coerce(_ROW.labels, Text).like(f'%"{REPORTED_BY}":%')
_TEXTS = (type_coerce(_ROW.labels, Text), type_coerce(_ROW.annotations, Text))
_ONLY_REPORTED = msgspec.json.encode({REPORTED_BY: SOURCE}).decode()
#: whether anything is left of what the alert said
_SAYS = or_(_ROW.name != "", _ROW.url != "", _TEXTS[0].not_in(["{}", _ONLY_REPORTED]), _TEXTS[1] != "{}")
_HELD = select(_ROW.payload).join(INCIDENTS, INCIDENTS.c.number == _ROW.number).where(INCIDENTS.c.held)

#: an alert, whenever it began: its source and its fingerprint
Who = tuple[str, str]


class Span(msgspec.Struct, frozen=True):
    """In which time alerts of one source came, and what was refused beside them."""

    source: str
    begun: datetime
    over: datetime


def blank_alerts(connection: Connection, number: int) -> None:
    """Nothing is left of what the incident's alerts said; that people reported them is."""
    _blank(connection, and_(_ROW.number == number, _SAYS))


def blank_some(connection: Connection, number: int, these: Sequence[int]) -> None:
    """The same of these, as far as they are the incident's still."""
    _blank(connection, and_(_ROW.number == number, _ROW.id.in_(these)))


def saying(connection: Connection, number: int) -> list[int]:
    """The incident's alerts of which anything is left, the oldest first."""
    question = select(_ROW.id).where(_ROW.number == number, _SAYS).order_by(_ROW.id)
    return [*connection.execute(question).scalars()]


def blank_these(connection: Connection, ids: Sequence[int]) -> None:
    """The same of the alerts with these ids."""
    for start in range(0, len(ids), _AT_ONCE):
        _blank(connection, _ROW.id.in_(ids[start : start + _AT_ONCE]))


def _blank(connection: Connection, which: ColumnElement[bool]) -> None:
    named = select(_ROW.payload).where(which, _ROW.payload.is_not(None))
    requests = PAYLOADS.c.id.in_(named)
    held = PAYLOADS.c.id.in_(_HELD.where(_ROW.payload.is_not(None)))
    connection.execute(update(PAYLOADS).where(requests, ~held).values(body="", refused=""))
    nothing: dict[str, Any] = {"name": "", "url": "", "annotations": {}}
    connection.execute(update(ALERTS).where(which, _REPORTED).values(labels={REPORTED_BY: SOURCE}, **nothing))
    connection.execute(update(ALERTS).where(which, ~_REPORTED).values(labels={}, **nothing))


def spans(connection: Connection, number: int) -> list[Span]:
    """When the incident's alerts came, by their source."""
    times = (func.min(_ROW.first_seen), func.max(_ROW.last_seen))
    question = select(_ROW.source, *times).where(_ROW.number == number).group_by(_ROW.source)
    found = connection.execute(question.order_by(_ROW.source))
    return [Span(source, begun, over + _LATER) for source, begun, over in found]


def names(connection: Connection, number: int) -> set[Who]:
    """The incident's alerts."""
    return {(source, name) for source, name in connection.execute(_whose().where(_ROW.number == number))}


def held_names(connection: Connection) -> set[Who]:
    """The alerts of incidents under a legal hold."""
    held = _whose().join(INCIDENTS, INCIDENTS.c.number == _ROW.number).where(INCIDENTS.c.held)
    return {(source, name) for source, name in connection.execute(held)}


def _whose() -> Any:
    return select(_ROW.source, _ROW.fingerprint).distinct()


def requests(connection: Connection, *, span: Span, after: int) -> list[Payload]:
    """The next requests that were kept of that source in that time, ordered by id."""
    row = PAYLOADS.c
    question = (
        select(*(row[name] for name in Payload.__struct_fields__))
        .where(row.source == span.source, row.id > after, row.received_at.between(span.begun, span.over))
        .order_by(row.id)
        .limit(MOST_LOOKED_AT)
    )
    return [Payload(**found) for found in connection.execute(question).mappings()]


def erase(connection: Connection, payloads: Collection[int]) -> None:
    """Nothing is left of these requests, nor of why they were refused: that may name what was wrong in them."""
    connection.execute(update(PAYLOADS).where(PAYLOADS.c.id.in_(payloads)).values(body="", refused=""))


def forget_reasons(connection: Connection, number: int) -> None:
    """Why something was refused that came with the incident's alerts is not known any more; that it was is."""
    row = REFUSALS.c
    for span in spans(connection, number):
        then = row.last_at.between(span.begun, span.over)
        connection.execute(update(REFUSALS).where(row.source == span.source, then).values(reason=""))
