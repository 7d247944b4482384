"""Rows as a command prints them: a table for people, JSON, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import msgspec

from bot.errors import Mistake

Row = dict[str, str | int]


def listed(rows: Sequence[Row], columns: Sequence[str], kind: str, *, nothing: str) -> str:
    """The rows as ``text``, ``json`` or ``csv``; ``nothing`` is what a table without rows says."""
    if kind == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
    if kind == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()
    if kind != "text":
        raise Mistake(f"“{kind}” is not a format here; there are text, json and csv")
    return _table(rows, columns) if rows else f"{nothing}\n"


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in columns}
    lines = [tuple(columns), *(tuple(str(row[name]) for name in columns) for row in rows)]
    told = ["  ".join(cell.ljust(widths[name]) for name, cell in zip(columns, line, strict=True)) for line in lines]
    return "\n".join(line.rstrip() for line in told) + "\n"
