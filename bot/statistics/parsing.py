"""Tables as bytes become columns. Only what is asked for is read; a million rows take well under a second.

Raises ValueError with a sentence for what is no table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from bot.statistics.rows import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_WORDS = {"": "nan", "true": "1", "false": "0", "null": "nan", "none": "nan", "na": "nan", "nan": "nan"}


@dataclass(frozen=True)
class Columns:
    """Columns of equal length by name; those that the table does not have are not there."""

    rows: int
    of: dict[str, list[Any]] = field(default_factory=dict)
    labels_age_seconds: float | None = None
    counts: str = ""


class _Envelope(msgspec.Struct):
    columns: msgspec.Raw = msgspec.Raw()
    rows: msgspec.Raw = msgspec.Raw()
    labels_age_seconds: float | None = None
    counts: str = ""


def read_columns(table: Table, names: Sequence[str]) -> Columns:
    """Those of ``names`` that ``table`` has."""
    try:
        if table.format == "csv":
            return _csv(table.body, names)
        if table.format == "jsonl":
            return _transposed(msgspec.json.Decoder(_row(names)).decode_lines(table.body), names)
        return _json(table.body, names)
    except (msgspec.MsgspecError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"these rows cannot be read: {error}") from None


def numbers(values: Sequence[Any]) -> Floats:
    """``values`` as floats of shape (n,): true is 1, nothing is NaN. Raises ValueError for other words."""
    import numpy as np

    try:
        return np.array(values, dtype=np.float64)
    except (ValueError, TypeError):
        pass
    words = (str(value).strip() if value is not None else "" for value in values)
    try:
        return np.array([float(_WORDS.get(word.lower(), word)) for word in words], dtype=np.float64)
    except ValueError as error:
        raise ValueError(f"a number was expected: {error}") from None


def seconds(values: Sequence[Any]) -> Floats:
    """Moments as seconds since 1970, shape (n,). Raises ValueError for a time without an offset."""
    import numpy as np

    try:
        return numbers(values)
    except ValueError:
        return np.array([_second(value) for value in values], dtype=np.float64)


def codes(values: Sequence[Any], known: dict[Any, int]) -> npt.NDArray[np.int64]:
    """Each value's number, shape (n,). ``known`` holds the numbers so far and is added to."""
    import numpy as np

    add = known.setdefault
    return np.fromiter((add(value, len(known)) for value in values), dtype=np.int64, count=len(values))


def _second(value: Any) -> float:
    if value in (None, ""):
        return float("nan")
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"a time with an offset was expected, not {str(value)[:40]!r}")
    return moment.timestamp()


def _json(body: bytes, names: Sequence[str]) -> Columns:
    if body.lstrip()[:1] == b"[":
        return _transposed(msgspec.json.decode(body, type=list[_row(names)]), names)  # type: ignore[misc]
    envelope = msgspec.json.decode(body, type=_Envelope)
    if bytes(envelope.columns):
        row = msgspec.json.decode(envelope.columns, type=_columns(names))
        found = {
            name: value for number, name in enumerate(names) if (value := getattr(row, f"c{number}")) is not None
        }
        lengths = {len(column) for column in found.values()}
        if len(lengths) > 1:
            raise ValueError("these rows cannot be read: the columns are not equally long")
        return Columns(max(lengths, default=0), found, envelope.labels_age_seconds, envelope.counts)
    if not bytes(envelope.rows):
        raise ValueError("these rows cannot be read: neither 'columns' nor 'rows' are there")
    read = _transposed(msgspec.json.decode(envelope.rows, type=list[_row(names)]), names)  # type: ignore[misc]
    return Columns(read.rows, read.of, envelope.labels_age_seconds, envelope.counts)


def _row(names: Sequence[str]) -> type[msgspec.Struct]:
    fields = [(f"c{number}", Any, None) for number in range(len(names))]
    return msgspec.defstruct("Row", fields, rename=_renamed(names), gc=False)


def _columns(names: Sequence[str]) -> type[msgspec.Struct]:
    fields = [(f"c{number}", list[Any] | None, None) for number in range(len(names))]
    return msgspec.defstruct("Columns", fields, rename=_renamed(names), gc=False)


def _renamed(names: Sequence[str]) -> dict[str, str]:
    return {f"c{number}": name for number, name in enumerate(names)}


def _transposed(rows: Sequence[Any], names: Sequence[str]) -> Columns:
    found: dict[str, list[Any]] = {}
    for number, name in enumerate(names):
        column = list(map(attrgetter(f"c{number}"), rows))
        if any(value is not None for value in column):
            found[name] = column
    return Columns(len(rows), found)


def _csv(body: bytes, names: Sequence[str]) -> Columns:
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    header = [name.strip() for name in next(reader, [])]
    wanted = [name for name in names if name in header]
    place = itemgetter(0, *(header.index(name) for name in wanted))  # the first keeps it a tuple for any number
    try:
        rows = [place(row) for row in reader if row]
    except IndexError:
        raise ValueError(f"these rows cannot be read: line {reader.line_num} is too short") from None
    found = {name: list(map(itemgetter(number), rows)) for number, name in enumerate(wanted, 1)}
    return Columns(len(rows), {name: column for name, column in found.items() if column})
