"""An alert as its row says, and finding the rows of many alerts at once, by what names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec
from sqlalchemy import Connection, Text, and_, bindparam, func, select, text, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

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
_NAMED = ("source", "fingerprint", "starts_at")
#: What names the alerts that are asked for is joined as a table, so that each is looked up once in the index of the
#: three together: by a list for each column, an index tries every fingerprint at every beginning.
_arrays = (bindparam(name, type_=ARRAY(_ROW[name].type)) for name in _NAMED)
_wanted = func.unnest(*_arrays).table_valued(*_NAMED, name="wanted").render_derived()
_near_these = (
    select(*COLUMNS).join(_wanted, and_(*(_wanted.c[name] == _ROW[name] for name in _NAMED))).order_by(_ROW.id)
)
_lock_these = _near_these.with_for_update(of=ALERTS)
#: The same on SQLite, asked and answered as one text each, which is one step of its driver.
_asked_for = func.json_each(bindparam("keys")).table_valued("value", name="wanted")
_near_as_text = select(
    func.json_group_array(
        func.json_array(*(func.json(column) if isinstance(column.type, JsonText) else column for column in COLUMNS))
    )
).join(
    _asked_for,
    and_(
        *(
            type_coerce(_ROW[name], Text) == func.json_extract(_asked_for.c.value, text(f"'$[{place}]'"))
            for place, name in enumerate(_NAMED)
        )
    ),
)
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
    return [row for these in chunks(sorted(set(keys))) for row in _asked(connection, these, lock=lock)]


def _asked(connection: Connection, keys: Sequence[Key], *, lock: bool) -> list[Received]:
    if connection.dialect.name == "postgresql":
        values = dict(zip(_NAMED, (list(part) for part in zip(*keys, strict=True)), strict=True))
        return [row_of(row) for row in connection.execute(_lock_these if lock else _near_these, values)]
    made = [_ROW[name].type.bind_processor(connection.dialect) for name in _NAMED]
    texts = [[part if make is None else make(part) for part, make in zip(key, made, strict=True)] for key in keys]
    asked = {"keys": msgspec.json.encode(texts).decode()}
    return [row_of(row) for row in _texts.decode(connection.execute(_near_as_text, asked).scalar_one())]


def row_of(row: Iterable[Any]) -> Received:
    """The values of ``COLUMNS``, in that order, as the alert that they are."""
    return Received(**dict(zip(NAMES, row, strict=True)))


def chunks(items: Sequence[T]) -> list[Sequence[T]]:
    """The items, so many at a time as a statement takes."""
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]
