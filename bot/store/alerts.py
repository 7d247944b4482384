"""The rows of alerts: one for each alert from its start to its end, however often it is sent.

Rows are written many at a time. The functions run in a job of the writer; ``Alerts`` answers questions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Select, func, select, update

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed
from bot.store.statements import ignoring
from bot.store.tables import ALERTS
from bot.store.writer import Writer

_ROW = ALERTS.c
#: SQLite takes 32,766 parameters in a statement
_AT_ONCE = 1000

T = TypeVar("T")
Key = tuple[str, str, datetime]


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it is known: ``number`` is the incident that it belongs to, ``count`` how often it was sent."""

    id: int
    number: int | None
    source: str
    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None
    status: str
    name: str
    service: str
    failure_mode: str
    severity: str | None
    labels: dict[str, str]
    annotations: dict[str, str]
    url: str
    first_seen: datetime
    last_seen: datetime
    count: int

    @property
    def key(self) -> Key:
        """What names it, as ``Alert.key``."""
        return (self.source, self.fingerprint, self.starts_at)


_COLUMNS = [_ROW[name] for name in Received.__struct_fields__]


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
    added: list[Received] = []
    new = [_new(alert, routed, at) | {"payload": payloads.get(alert.key)} for alert, routed in alerts]
    for these in _chunks(new):
        statement = ignoring(connection, ALERTS).returning(*_COLUMNS)
        added += [Received(**row) for row in connection.execute(statement, these).mappings()]
    return added


def lock(connection: Connection, keys: Collection[Key]) -> list[Received]:
    """The rows of these alerts, locked in the order of their ids."""
    return _near(connection, keys, lock=True)


def touch(connection: Connection, times: Mapping[int, int], *, at: datetime) -> None:
    """These rows (id -> how often) were sent again; nothing else changes."""
    by_times: dict[int, list[int]] = {}
    for alert_id, count in times.items():
        by_times.setdefault(count, []).append(alert_id)
    for count, ids in by_times.items():
        for these in _chunks(ids):
            values = {"last_seen": at, "count": _ROW.count + count}
            connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(values))


def attach(connection: Connection, ids: Sequence[int], number: int) -> None:
    """These alerts belong to the incident, and fire."""
    for these in _chunks(ids):
        belongs = {"number": number, "status": "firing", "ends_at": None}
        connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(belongs))


def end(connection: Connection, ends: Mapping[int, datetime | None]) -> None:
    """These alerts (id -> when) are over."""
    by_time: dict[datetime | None, list[int]] = {}
    for alert_id, ends_at in ends.items():
        by_time.setdefault(ends_at, []).append(alert_id)
    for ends_at, ids in by_time.items():
        for these in _chunks(ids):
            over = {"status": "resolved", "ends_at": ends_at}
            connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(over))


def changed_by(connection: Connection, payloads: Mapping[int, int]) -> None:
    """These alerts (id -> request) were changed by these requests."""
    by_payload: dict[int, list[int]] = {}
    for alert_id, payload in payloads.items():
        by_payload.setdefault(payload, []).append(alert_id)
    for payload, ids in by_payload.items():
        for these in _chunks(ids):
            connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(payload=payload))


def numbers(connection: Connection, keys: Collection[Key]) -> dict[Key, int | None]:
    """Which incidents these alerts belong to, as far as they are known."""
    return {row.key: row.number for row in _near(connection, keys, lock=False)}


def firing(connection: Connection, number: int) -> int:
    """How many of the incident's alerts fire."""
    question = select(func.count()).where(_ROW.number == number, _ROW.status == "firing")
    return int(connection.execute(question).scalar_one())


def severities(connection: Connection, number: int) -> set[str]:
    """What the incident's alerts said so far."""
    question = select(_ROW.severity).where(_ROW.number == number, _ROW.severity.is_not(None)).distinct()
    return set(connection.execute(question).scalars())


def _near(connection: Connection, keys: Collection[Key], *, lock: bool) -> list[Received]:
    wanted = set(keys)
    found: list[Received] = []
    for these in _chunks(sorted(keys)):
        sources, fingerprints, starts = (set(part) for part in zip(*these, strict=True))
        # Each column for itself is what an index answers on both databases; it may find a little too much.
        near = (_ROW.source.in_(sources), _ROW.fingerprint.in_(fingerprints), _ROW.starts_at.in_(starts))
        question = _everything().where(*near).order_by(_ROW.id)
        found += _received(connection, question.with_for_update() if lock else question)
    return [row for row in found if row.key in wanted]


def _chunks(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]


def _everything() -> Select[Any]:
    return select(*_COLUMNS)


def _received(connection: Connection, question: Select[Any]) -> list[Received]:
    return [Received(**row) for row in connection.execute(question).mappings()]


def _new(alert: Alert, routed: Routed, at: datetime) -> dict[str, Any]:
    return {
        "source": alert.source, "fingerprint": alert.fingerprint, "starts_at": alert.starts_at,
        "ends_at": alert.ends_at, "status": alert.status, "name": alert.name, "service": routed.service,
        "failure_mode": routed.failure_mode, "severity": routed.severity, "labels": alert.labels,
        "annotations": alert.annotations, "url": alert.url, "first_seen": at, "last_seen": at, "count": 1,
    }  # fmt: skip
