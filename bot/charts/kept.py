"""What is kept of a chart, so that pages can draw it later without asking its source again."""

from __future__ import annotations

from math import ceil, isfinite

from msgspec.structs import replace

from bot.charts.chart import Chart, Line, Points

#: Of a line, so many points at most: a page is no wider.
MOST = 120


def kept(chart: Chart) -> Chart:
    """The chart with at most ``MOST`` points in a line, whole seconds, and four figures that matter.

    Of the points that fall together the lowest and the highest stay, so that no drop is lost. What is no number is
    left out: a log cannot hold it.
    """
    lines = tuple(Line(name=line.name, points=_thinned(line.points)) for line in chart.lines)
    usual, low, high, threshold = (_number(value) for value in (chart.usual, chart.low, chart.high, chart.threshold))
    marks = tuple(replace(mark, at=float(round(mark.at))) for mark in chart.marks)
    return replace(
        chart, lines=tuple(line for line in lines if line.points), usual=usual, low=low, high=high,
        threshold=threshold, marks=marks,
    )  # fmt: skip


def _thinned(points: Points) -> Points:
    known = [(float(round(at)), float(f"{value:.4g}")) for at, value in points if isfinite(value)]
    if len(known) <= MOST:
        return tuple(known)
    size = ceil(2 * len(known) / MOST)
    thin: list[tuple[float, float]] = []
    for start in range(0, len(known), size):
        together = known[start : start + size]
        thin += sorted({min(together, key=_value), max(together, key=_value)})
    return tuple(thin)


def _value(point: tuple[float, float]) -> float:
    return point[1]


def _number(value: float | None) -> float | None:
    return float(f"{value:.4g}") if value is not None and isfinite(value) else None
