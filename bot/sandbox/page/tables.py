"""The ``table`` block: its cells as HTML, each column with its own alignment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from bot.sandbox.page.inline import plain_text
from bot.sandbox.page.names import Names
from bot.sandbox.page.rich_text import rich_text


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell: what it shows, and the classes of its column."""

    html: Markup
    classes: str


def _html(cell: object, names: Names) -> Markup:
    if not isinstance(cell, dict):
        return plain_text("" if cell is None else str(cell), emoji=False)
    if cell.get("type") == "rich_text":
        return rich_text(cell, names)
    text = cell.get("text", cell.get("value", ""))
    return plain_text("" if text is None else str(text), emoji=True)


def _classes(setting: object) -> str:
    if not isinstance(setting, dict):
        return "left"
    align = setting.get("align")
    side = align if align in ("left", "center", "right") else "left"
    return f"{side} wraps" if setting.get("is_wrapped") is True else side


def rows_of(block: Mapping[str, Any], names: Names) -> list[list[Cell]]:
    """The table's rows, the header first; columns without settings are aligned left and do not wrap."""
    settings = block.get("column_settings")
    columns = [_classes(setting) for setting in settings] if isinstance(settings, list) else []
    rows = block.get("rows")
    return [
        [
            Cell(html=_html(cell, names), classes=columns[at] if at < len(columns) else "left")
            for at, cell in enumerate(row)
        ]
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, list)
    ]
