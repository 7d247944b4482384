"""The rows of alerts: one for each alert from its start to its end, however often it is sent.

Rows are written many at a time. The functions run in a job of the writer; ``Alerts`` answers questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Text, bindparam, case, exists, func, select, type_coerce, update

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed
from bot.runbooks.schema import SEVERITIES
from bot.store.among import among
from bot.store.received import COLUMNS, NAMES, chunks, row_of
from bot.store.received import Key as Key
from bot.store.received import Received as Received
from bot.store.received import lock as lock
from bot.store.received import numbers as numbers
from bot.store.statements import ignoring, numbered
from bot.store.tables import ALERTS
from bot.store.writer import Writer

_ROW = ALERTS.c
STATUSES = ("firing", "resolved")


class _Added(msgspec.Struct, frozen=True):
    id: int
    source: str
    fingerprint: str
    starts_at: datetime

    @property
    def key(self) -> Key:
        return (self.source, self.fingerprint, self.starts_at)


_IDS = among(_ROW.id, "ids")


class Alerts:
    """Questions about alerts."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def since(self, at: datetime) -> list[Received]:
        """Those seen at or after ``at``, the last one seen first."""
        question = _everything().where(_ROW.last_seen >= at).order_by(_ROW.last_seen.desc(), _ROW.id.desc())
        return await self._writer.read(lambda connection: _received(connection, question))

    async def of(self, number: int) -> list[Received]:
        """Those of an incident, in the order in which they came."""
        question = _everything().where(_ROW.number == number).order_by(_ROW.first_seen, _ROW.id)
        return await self._writer.read(lambda connection: _received(connection, question))


def add(
    connection: Connection, alerts: Sequence[tuple[Alert, Routed]], *, at: datetime, payloads: Mapping[Key, int] = {}
) -> list[Received]:
    """The new rows: one for each alert that had none, without an incident. ``payloads``: the requests they are of."""
    new = [(alert.key, _new(alert, routed, at) | {"payload": payloads.get(alert.key)}) for alert, routed in alerts]
    if connection.dialect.name == "postgresql":  # another replica may be quicker with some of them
        ids = {row.key: row.id for these in chunks([row for _, row in new]) for row in _added(connection, these)}
    else:
        ids = dict(zip([key for key, _ in new], numbered(connection, ALERTS, [row for _, row in new]), strict=True))
    return [_as_received(row, ids[key]) for key, row in new if key in ids]


def _added(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[_Added]:
    named = (_ROW[name] for name in _Added.__struct_fields__)
    statement = ignoring(connection, ALERTS).returning(*named)
    return [_Added(*row) for row in connection.execute(statement, rows)]


_touch = (
    update(ALERTS)
    .where(_IDS)
    .values(
        last_seen=case((_ROW.last_seen < bindparam("at"), bindparam("at")), else_=_ROW.last_seen),  # clocks jump back
        count=_ROW.count + bindparam("times"),
    )
)


def touch(connection: Connection, times: Mapping[int, int], *, at: datetime) -> None:
    """These rows (id -> how often) were sent again; nothing else changes."""
    by_times: dict[int, list[int]] = {}
    for alert_id, count in times.items():
        by_times.setdefault(count, []).append(alert_id)
    for count, ids in by_times.items():
        for these in chunks(ids):
            connection.execute(_touch, {"ids": these, "at": at, "times": count})


_attach = update(ALERTS).where(_IDS).values(number=bindparam("to"), status="firing", ends_at=None, muted="")


def attach(connection: Connection, ids: Sequence[int], number: int) -> None:
    """These alerts belong to the incident, and fire."""
    for these in chunks(ids):
        connection.execute(_attach, {"ids": these, "to": number})


def end(connection: Connection, ends: Mapping[int, datetime | None]) -> None:
    """These alerts (id -> when) are over."""
    by_time: dict[datetime | None, list[int]] = {}
    for alert_id, ends_at in ends.items():
        by_time.setdefault(ends_at, []).append(alert_id)
    for ends_at, ids in by_time.items():
        for these in chunks(ids):
            over = {"status": "resolved", "ends_at": ends_at}
            connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(over))


_say_worse = update(ALERTS).where(_ROW.id == bindparam("of"))


def say_worse(connection: Connection, these: Sequence[Received]) -> None:
    """These rows say their severity and their labels from now on."""
    values = [{"of": row.id, "severity": row.severity, "labels": row.labels} for row in these]
    if values:
        connection.execute(_say_worse, values)


def changed_by(connection: Connection, payloads: Mapping[int, int]) -> None:
    """These alerts (id -> request) were changed by these requests."""
    by_payload: dict[int, list[int]] = {}
    for alert_id, payload in payloads.items():
        by_payload.setdefault(payload, []).append(alert_id)
    for payload, ids in by_payload.items():
        for these in chunks(ids):
            connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(payload=payload))


_firing = select(func.count()).where(_ROW.number == bindparam("of"), _ROW.status == "firing")
_reported = _firing.where(type_coerce(_ROW.labels, Text).like('%"reported_by":%'))
#: One look into the index for each severity, however many alerts the incident has.
_severities = select(
    *(
        exists().where(_ROW.number == bindparam("of"), _ROW.status.in_(STATUSES), _ROW.severity == severity)
        for severity in SEVERITIES
    )
)


def firing(connection: Connection, number: int, *, reported: bool = False) -> int:
    """How many of the incident's alerts fire; ``reported``: some are by people, which nobody ends, nor counts."""
    count = int(connection.execute(_firing, {"of": number}).scalar_one())
    return count - int(connection.execute(_reported, {"of": number}).scalar_one()) if reported else count


def severities(connection: Connection, number: int) -> set[str]:
    """What the incident's alerts said so far."""
    said = connection.execute(_severities, {"of": number}).one()
    return {severity for severity, here in zip(SEVERITIES, said, strict=True) if here}


def _everything() -> Select[Any]:
    return select(*COLUMNS)


def _received(connection: Connection, question: Select[Any]) -> list[Received]:
    return [row_of(row) for row in connection.execute(question)]


def _as_received(row: Mapping[str, Any], alert_id: int) -> Received:
    return Received(id=alert_id, number=None, **{name: row[name] for name in NAMES[2:]})


def _new(alert: Alert, routed: Routed, at: datetime) -> dict[str, Any]:
    return {
        "source": alert.source, "fingerprint": alert.fingerprint, "starts_at": alert.starts_at,
        "ends_at": alert.ends_at, "status": alert.status, "name": alert.name, "service": routed.service,
        "failure_mode": routed.failure_mode, "severity": routed.severity, "labels": alert.labels,
        "annotations": alert.annotations, "url": alert.url, "first_seen": at, "last_seen": at, "count": 1,
        "muted": "",
    }  # fmt: skip
