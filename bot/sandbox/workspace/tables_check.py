"""What Slack accepts as tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.workspace.rich_text_check import RICH_TEXT
from bot.sandbox.workspace.schema import Check, by_type, fields, flag, items, number, problem, string, whole, word
from bot.sandbox.workspace.text_objects import block

_MOST_IN_TABLE: Final = 10_000
_MOST_IN_DATA_TABLE: Final = 20_000
_MOST_COLUMNS: Final = 20

_PLAIN_CELLS: Final[Mapping[str, Check]] = {
    "raw_text": fields({"text": string(_MOST_IN_DATA_TABLE)}, {}),
    "raw_number": fields({"value": number}, {"text": string(255)}),
}
_CELL: Final = by_type({**_PLAIN_CELLS, "rich_text": RICH_TEXT})


def _nothing_or(check: Check) -> Check:
    def check_unless_null(value: Any, pointer: str) -> Iterator[str]:
        if value is not None:
            yield from check(value, pointer)

    return check_unless_null


def _rows(*, least: int, most: int) -> Check:
    return items(items(_CELL, most=_MOST_COLUMNS), least=least, most=most)


def _text_in(value: Any) -> int:
    """How many characters stand in the cells, formatted or not."""
    if isinstance(value, list):
        return sum(_text_in(item) for item in value)
    if not isinstance(value, dict):
        return 0
    inner = sum(_text_in(item) for item in value.values() if isinstance(item, list))
    return inner + len(str(value.get("text", "")))


def _limited(check: Check, most: int) -> Check:
    def check_all(value: Any, pointer: str) -> Iterator[str]:
        problems = list(check(value, pointer))
        yield from problems
        if not problems and _text_in(value["rows"]) > most:
            yield problem(f"must be less than {most + 1} characters", f"{pointer}/rows")

    return check_all


def _data_table(value: Any, pointer: str) -> Iterator[str]:
    problems = list(_limited(_DATA_TABLE, _MOST_IN_DATA_TABLE)(value, pointer))
    yield from problems
    if problems:
        return
    head, *rows = value["rows"]
    if any(cell["type"] == "rich_text" for cell in head):
        yield problem("rich_text is not allowed in the header row", f"{pointer}/rows/0")
    for place, row in enumerate(rows, start=1):
        if len(row) != len(head):
            yield problem(f"must have {len(head)} cells, as the header row", f"{pointer}/rows/{place}")


_COLUMN: Final = fields({}, {"align": word("left", "center", "right"), "is_wrapped": flag})
_DATA_TABLE: Final = block(
    {"rows": _rows(least=2, most=201), "caption": string(255)},
    {"page_size": whole(1, 100), "row_header_column_index": whole(0, _MOST_COLUMNS - 1)},
)
TABLE: Final = _limited(
    block(
        {"rows": _rows(least=1, most=100)},
        {"column_settings": items(_nothing_or(_COLUMN), most=_MOST_COLUMNS, least=0)},
    ),
    _MOST_IN_TABLE,
)
DATA_TABLE: Final[Check] = _data_table

_LABEL: Final = string(20)
# Slack's own page has said six and has said twelve; six is right in both readings.
_MOST_SERIES: Final = 6
_POINT: Final = fields({"label": _LABEL, "value": number}, {})
_SERIES: Final = fields({"name": _LABEL, "data": items(_POINT, most=20)}, {})
_AXES: Final = fields({"categories": items(_LABEL, most=20)}, {"x_label": string(50), "y_label": string(50)})
_PLOT: Final = fields({"series": items(_SERIES, most=_MOST_SERIES), "axis_config": _AXES}, {})


def _plot(value: Any, pointer: str) -> Iterator[str]:
    problems = list(_PLOT(value, pointer))
    yield from problems
    if problems:
        return
    names = [series["name"] for series in value["series"]]
    categories = value["axis_config"]["categories"]
    for place, series in enumerate(value["series"]):
        where = f"{pointer}/series/{place}"
        if names.index(series["name"]) < place:
            yield problem(f"series name already exists: {series['name']}", f"{where}/name")
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield problem("must have one data point for every category", f"{where}/data")


def _segment(value: Any, pointer: str) -> Iterator[str]:
    problems = list(_POINT(value, pointer))
    yield from problems
    if not problems and float(value["value"]) <= 0:
        yield problem("must be greater than 0", f"{pointer}/value")


_KINDS: Final[Mapping[str, Check]] = {
    "pie": fields({"segments": items(_segment, most=_MOST_SERIES)}, {}),
    **dict.fromkeys(("bar", "area", "line"), _plot),
}
CHART: Final = block({"title": string(50), "chart": by_type(_KINDS)})
