"""What happened to the service, as upright lines in its charts, with words at their tops that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.sandbox.backstage.scales import Scale
from bot.sandbox.world.charts import Mark

WIDTH: Final = 400
MARK_ROWS: Final = 3
LONGEST_MARK: Final = 16
#: how wide a letter is, about
LETTER: Final = 6.3


class PlotMark(msgspec.Struct, frozen=True, kw_only=True):
    """A vertical line; ``label`` stands at its top in ``row``, at its right or left. No label if there is no room."""

    kind: str
    x: float
    at: datetime
    text: str
    label: str
    row: int
    anchor: str


def mark_label(mark: Mark) -> str:
    """``v42 released``, ``alert``, ``alert over``, ``flag 41``: what a chart has room for."""
    if mark.kind == "alert":
        return "alert over" if mark.text.endswith("over") else "alert"
    label = f"flag {mark.text.partition(': ')[2]}" if mark.kind == "flag" else mark.text
    return label if len(label) <= LONGEST_MARK else mark.kind


def place_marks(marks: Sequence[Mark], along: Scale) -> tuple[PlotMark, ...]:
    """The marks within the chart's time, oldest first; labels that would lie upon each other go into rows below."""
    free = [float("-inf")] * MARK_ROWS
    placed: list[PlotMark] = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        if not along.low <= mark.at <= along.high:
            continue
        x, label = along.at(mark.at), mark_label(mark)
        width = LETTER * len(label) + 8
        anchor = "start" if x + width < WIDTH else "end"
        begin = x if anchor == "start" else x - width
        row = next((row for row in range(MARK_ROWS) if free[row] <= begin), None)
        if row is not None:
            free[row] = begin + width
        placed.append(
            PlotMark(
                kind=mark.kind,
                x=x,
                at=datetime.fromtimestamp(mark.at, UTC),
                text=mark.text,
                label=label if row is not None else "",
                row=row or 0,
                anchor=anchor,
            )
        )
    return tuple(placed)
