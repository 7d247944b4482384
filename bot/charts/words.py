"""What a chart shows, in words: for those who cannot see it, and for Slack's alternative text."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.charts.chart import Chart

#: Slack takes 2,000 characters.
LONGEST = 1000


def words(chart: Chart) -> str:
    """``Recall from 02:35 to 03:12 UTC: 0.84 at first, 0.71 at last …``: the numbers, and what happened when."""
    points = chart.points
    if not points:
        return f"{chart.label}: no data"
    lowest, highest = min(points, key=_value), max(points, key=_value)
    parts = [
        f"{chart.label} from {_time(points[0][0])} to {_time(points[-1][0])} UTC",
        *(f"{line.name or 'it was'} {_course(line.points)}" for line in chart.lines if line.points),
        f"lowest {lowest[1]:.3g} at {_time(lowest[0])}, highest {highest[1]:.3g} at {_time(highest[0])}",
    ]
    if chart.usual is not None:
        band = (
            f" (mostly {chart.low:.3g} to {chart.high:.3g})"
            if chart.low is not None and chart.high is not None
            else ""
        )
        parts.append(f"usual {chart.usual:.3g}{band}")
    if chart.threshold is not None and chart.worse:
        parts.append(f"bad {chart.worse} {chart.threshold:.3g}")
    parts += [f"{mark.label} at {_time(mark.at)}" for mark in sorted(chart.marks, key=lambda one: one.at)]
    return "; ".join(parts)[:LONGEST]


def _value(point: tuple[float, float]) -> float:
    return point[1]


def _course(points: tuple[tuple[float, float], ...]) -> str:
    first, last = points[0][1], points[-1][1]
    return f"{last:.3g}" if len(points) == 1 else f"{first:.3g} at first, {last:.3g} at last"


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M}"
