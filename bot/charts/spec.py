"""A chart as a Vega-Lite specification. Pure.

It is read on a phone, in a light and in a dark Slack: a background of its own, few words, and lines that differ by
more than their colour. Times are UTC, because a picture cannot know its reader's time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import Any, NamedTuple

from bot.charts.chart import Chart, Mark

Json = dict[str, Any]

WIDTH, HEIGHT = 640, 240
PAPER, INK, FAINT, GRID = "#ffffff", "#1d1c1d", "#616061", "#e8e8e8"
_LINES = ("#1264a3", "#8a4b08", "#007a5a", "#7c2d92")
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
_MARKS = {"change": "#8a4b08", "alert": "#c01343", "action": "#00664b"}
_USUAL, _BAD = "#c8d9e6", "#c01343"
#: How wide a letter of a mark's label is at most, and how high its row, in pixels.
_LETTER, _ROW = 7.5, 13
#: A silence longer than so many usual steps is no course: the line stops and begins again.
_SILENCE = 6.0
#: The part of the width that is kept for the names at the ends of the lines.
_NAMES = 0.07


def spec(chart: Chart) -> Json:
    """The specification of a chart that has at least one point."""
    first, last = span(chart)
    if any(line.name for line in chart.lines):
        last += _NAMES * (last - first)
    room, marks = _room(first, last), placed(chart.marks, first, last)
    layers = [room, *_usual(chart), *_threshold(chart), *_marks(marks), *_lines(chart)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": HEIGHT, "background": PAPER,
        "padding": {"left": 10, "right": 14, "top": 10, "bottom": 8},
        "title": {"text": legible(chart.label), "subtitle": subtitle(chart), "anchor": "start", "offset": 14},
        "layer": layers,
        "config": _CONFIG,
    }  # fmt: skip


def legible(text: str) -> str:
    """Without what no picture can show: the renderer dies of a control character in a label, process and all."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def span(chart: Chart) -> tuple[float, float]:
    times = [at for at, _ in chart.points] + [mark.at for mark in chart.marks]
    return min(times), max(times)


def subtitle(chart: Chart) -> str:
    parts = []
    if chart.usual is not None:
        parts.append(f"usual {chart.usual:.3g}")
    if chart.threshold is not None and chart.worse:
        parts.append(f"bad {chart.worse} {chart.threshold:.3g}")
    return " · ".join([*parts, "times in UTC"])


def _x() -> Json:
    axis = {"title": None, "tickCount": 6, "labelExpr": "utcFormat(datum.value, '%H:%M')", "grid": False}
    return {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _y(field: str = "value") -> Json:
    scale = {"zero": False, "nice": True}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": None, "tickCount": 5}}


def _usual(chart: Chart) -> list[Json]:
    """The band in which nine tenths of the baseline lay, and the line that a reading is held against."""
    drawn: list[Json] = []
    if chart.low is not None and chart.high is not None and chart.low < chart.high:
        band = {"type": "rect", "color": _USUAL, "opacity": 0.55}
        encoding: Json = {"y": _y("low"), "y2": {"field": "high"}}
        drawn.append(
            {"data": {"values": [{"low": chart.low, "high": chart.high}]}, "mark": band, "encoding": encoding}
        )
    if chart.usual is not None:
        rule = {"type": "rule", "color": "#5b7f9b", "strokeDash": [2, 3]}
        drawn.append({"data": {"values": [{"value": chart.usual}]}, "mark": rule, "encoding": {"y": _y()}})
    return drawn


def _threshold(chart: Chart) -> list[Json]:
    if chart.threshold is None:
        return []
    rule = {"type": "rule", "color": _BAD, "strokeDash": [7, 4], "strokeWidth": 1.5}
    return [{"data": {"values": [{"value": chart.threshold}]}, "mark": rule, "encoding": {"y": _y()}}]


def _room(first: float, last: float) -> Json:
    """Nothing to see: it makes the axis reach as far as it has to."""
    ends = {"values": [{"at": first * 1000}, {"at": last * 1000}]}
    return {"data": ends, "mark": {"type": "point", "opacity": 0}, "encoding": {"x": _x()}}


def _lines(chart: Chart) -> list[Json]:
    """Each series with its name at its end, if there is more than one."""
    drawn: list[Json] = []
    for number, line in enumerate(chart.lines[: len(_LINES)]):
        numbered = stretches([at for at, _ in line.points])
        values = [
            {"at": at * 1000, "value": value, "stretch": stretch}
            for (at, value), stretch in zip(line.points, numbered, strict=True)
        ]
        colour = _LINES[number]
        mark = {"type": "line", "color": colour, "strokeWidth": 2.5, "strokeDash": _DASHES[number]}
        mark |= {"point": {"color": colour, "size": 30}} if len(values) < 3 else {}
        encoding = {"x": _x(), "y": _y(), "detail": {"field": "stretch", "type": "nominal"}}
        drawn.append({"data": {"values": values}, "mark": mark, "encoding": encoding})
        if line.name and values:
            text = {
                "type": "text", "align": "left", "dx": 5, "fontWeight": "bold", "fontSize": 13,
                "text": legible(line.name),
            }  # fmt: skip
            for look in ({"stroke": PAPER, "strokeWidth": 4, "color": PAPER}, {"color": colour}):
                name = {"data": {"values": values[-1:]}, "mark": text | look, "encoding": {"x": _x(), "y": _y()}}
                drawn.append(name)
    return drawn


def stretches(times: Sequence[float]) -> list[int]:
    """For every point the number of its stretch; a new one begins after a silence."""
    steps = [later - at for at, later in pairwise(times)]
    longest = _SILENCE * median(steps) if steps else 0.0
    return list(accumulate((int(step > longest) for step in steps), initial=0))[: len(times)]


class Placed(NamedTuple):
    """A mark, whether its label stands to the left of it, and in which row above the chart."""

    mark: Mark
    left: bool
    row: int


def placed(marks: Sequence[Mark], first: float, last: float) -> list[Placed]:
    """Every label in the lowest row in which it runs into no other."""
    taken: list[list[tuple[float, float]]] = []
    found = []
    for mark in sorted(marks, key=lambda one: one.at):
        x = WIDTH * (mark.at - first) / max(last - first, 1.0)
        wide, left = _LETTER * len(mark.label) + 6, x > 0.75 * WIDTH
        begin, end = (x - wide, x) if left else (x, x + wide)
        free = (n for n, row in enumerate(taken) if all(end <= other[0] or begin >= other[1] for other in row))
        row = next(free, len(taken))
        taken += [[]] if row == len(taken) else []
        taken[row].append((begin, end))
        found.append(Placed(mark, left, row))
    return found


def _marks(marks: Sequence[Placed]) -> list[Json]:
    drawn: list[Json] = []
    for mark, left, row in marks:
        values = {"values": [{"at": mark.at * 1000}]}
        colour = _MARKS[mark.kind]
        drawn.append(
            {"data": values, "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5}, "encoding": {"x": _x()}}
        )
        text = {
            "type": "text", "text": legible(mark.label), "color": colour, "fontSize": 12, "fontWeight": 600,
            "baseline": "bottom",
            "align": "right" if left else "left", "dx": 3 if left else -3, "dy": -3 - _ROW * row,
        }  # fmt: skip
        drawn.append({"data": values, "mark": text, "encoding": {"x": _x(), "y": {"value": 0}}})
    return drawn


_CONFIG: Json = {
    "font": "Lato, DejaVu Sans, sans-serif",
    "view": {"stroke": None},
    "title": {"color": INK, "fontSize": 17, "subtitleColor": FAINT, "subtitleFontSize": 12.5, "subtitlePadding": 4},
    "axis": {
        "labelColor": FAINT, "labelFontSize": 12.5, "gridColor": GRID, "domainColor": "#bbbabb",
        "tickColor": "#bbbabb",
    },
}  # fmt: skip
