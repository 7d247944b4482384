"""An alert as its row says, and finding the rows of many alerts at once, by what names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from bot.store.columns import JsonText
from bot.store.tables import ALERTS

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
    payload: int | None = None  # the request that last changed it
    count: int
    muted: str = ""  # what keeps it quiet

    @property
    def key(self) -> Key:
        """What names it, as ``Alert.key``."""
        return (self.source, self.fingerprint, self.starts_at)


NAMES = Received.__struct_fields__
COLUMNS = [_ROW[name] for name in NAMES]
#: Each column for itself is what an index answers on both databases; it may find a little too much.
_NEAR = (
    _ROW.source.in_(bindparam("sources", expanding=True)),
    _ROW.fingerprint.in_(bindparam("fingerprints", expanding=True)),
    _ROW.starts_at.in_(bindparam("starts", expanding=True)),
)
_near_these = select(*COLUMNS).where(*_NEAR).order_by(_ROW.id)
_lock_these = _near_these.with_for_update()
#: The same as one text, which SQLite makes in one step.
_near_as_text = select(
    func.json_group_array(
        func.json_array(*(func.json(column) if isinstance(column.type, JsonText) else column for column in COLUMNS))
    )
).where(*_NEAR)
_types = tuple(
    Any if isinstance(column.type, JsonText) else get_type_hints(Received)[column.name] for column in COLUMNS
)
_texts = msgspec.json.Decoder(list[tuple[_types]])  # type: ignore[valid-type]


def lock(connection: Connection, keys: Collection[Key]) -> list[Received]:
    """The rows of these alerts, locked in the order of their ids."""
    return _near(connection, keys, lock=True)


def numbers(connection: Connection, keys: Collection[Key]) -> dict[Key, int | None]:
    """Which incidents these alerts belong to, as far as they are known."""
    return {row.key: row.number for row in _near(connection, keys, lock=False)}


def _near(connection: Connection, keys: Collection[Key], *, lock: bool) -> list[Received]:
    wanted = set(keys)
    found: list[Received] = []
    for these in chunks(sorted(keys)):
        sources, fingerprints, starts = (list(set(part)) for part in zip(*these, strict=True))
        values = {"sources": sources, "fingerprints": fingerprints, "starts": starts}
        found += [row for row in _asked(connection, values, lock=lock) if row.key in wanted]
    return found


def _asked(connection: Connection, values: dict[str, Any], *, lock: bool) -> list[Received]:
    if connection.dialect.name == "postgresql":
        return [row_of(row) for row in connection.execute(_lock_these if lock else _near_these, values)]
    return [row_of(row) for row in _texts.decode(connection.execute(_near_as_text, values).scalar_one())]


def row_of(row: Iterable[Any]) -> Received:
    """The values of ``COLUMNS``, in that order, as the alert that they are."""
    return Received(**dict(zip(NAMES, row, strict=True)))


def chunks(items: Sequence[T]) -> list[Sequence[T]]:
    """The items, so many at a time as a statement takes."""
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]
