"""Questions about incidents beyond their logs: which there are, and whose channel it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, case, func, select

from bot.incidents.events import SCHEMA
from bot.store.tables import INCIDENTS

_ROW = INCIDENTS.c


def newest(connection: Connection, *, status: str | None, limit: int, before: int | None = None) -> list[int]:
    """The numbers of the newest incidents that this program can read, the last one first; older than ``before``."""
    question = select(_ROW.number).where(_ROW.schema <= SCHEMA, _ROW.seq > 0)
    if before is not None:
        question = question.where(_ROW.number < before)
    if status is not None:
        question = question.where(_ROW.status == status)
    return list(connection.execute(question.order_by(_ROW.number.desc()).limit(limit)).scalars())


def without_channel(connection: Connection, *, status: str | None, limit: int) -> list[int]:
    """The same of those that have no channel: it was refused, or is not there yet; not those that only wait."""
    here = (_ROW.schema <= SCHEMA, _ROW.seq > 0, _ROW.channel == "", _ROW.status != "triage")
    question = select(_ROW.number).where(*here)
    if status is not None:
        question = question.where(_ROW.status == status)
    return list(connection.execute(question.order_by(_ROW.number.desc()).limit(limit)).scalars())


def in_channel(connection: Connection, channel: str) -> int | None:
    """The number of the newest incident that lives in the channel."""
    question = select(_ROW.number).where(_ROW.channel == channel).order_by(_ROW.number.desc()).limit(1)
    number: int | None = connection.execute(question).scalar()
    return number


def of_service(connection: Connection, service: str, *, status: Collection[str], limit: int) -> list[int]:
    """The numbers of the newest of the service's incidents that stand so, and that this program can read."""
    question = select(_ROW.number).where(_ROW.service == service, _ROW.status.in_(status), _ROW.schema <= SCHEMA)
    return list(connection.execute(question.order_by(_ROW.number.desc()).limit(limit)).scalars())


def held(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Those of the incidents that are under a legal hold."""
    question = select(INCIDENTS.c.number).where(INCIDENTS.c.number.in_(numbers), INCIDENTS.c.held)
    return set(connection.execute(question).scalars())


def statuses(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """The status of each of these few incidents."""
    question = select(INCIDENTS.c.number, INCIDENTS.c.status).where(INCIDENTS.c.number.in_(sorted(numbers)))
    return {row.number: row.status for row in connection.execute(question)}


def live(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these that are open, or wait for somebody to open them."""
    question = select(_ROW.number).where(_ROW.number.in_(numbers), _ROW.status.in_(("open", "triage")))
    return set(connection.execute(question).scalars())


_some = select(_ROW.opened_at, _ROW.status).order_by(_ROW.number.desc())
_newest = _some.limit(bindparam("most", type_=Integer)).subquery()
_begun = (
    select(func.count(), func.coalesce(func.sum(case((_newest.c.status == "triage", 1), else_=0)), 0))
    .select_from(_newest)
    .where(_newest.c.opened_at > bindparam("since"))
)


def begun(connection: Connection, *, since: datetime, most: int) -> tuple[int, int]:
    """How many of the ``most`` newest incidents began after ``since``: those that opened, and those that wait."""
    every, waiting = connection.execute(_begun, {"since": since, "most": most}).one()
    return int(every) - int(waiting), int(waiting)


def service_of(connection: Connection, number: int) -> str:
    """The incident's service; empty if there is no such incident."""
    return str(connection.execute(select(_ROW.service).where(_ROW.number == number)).scalar() or "")
