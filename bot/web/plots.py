"""A chart as places on paper, for the page to draw. Pure.

The page draws it in its own colours, light or dark; lines differ by more than their colour, and every one is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from bot.charts import Chart, Line, words
from bot.charts.spec import WIDTH, Placed, placed, span, stretches, subtitle

LEFT, HEIGHT = 52, 180
#: the part of the width that is kept for the lines' names
_NAMES = 0.08
_ROW = 14
_MINUTE = 60
_SPANS = tuple(_MINUTE * n for n in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080))


class Tick(msgspec.Struct, frozen=True):
    """A place on an axis, and what stands beside it."""

    at: float
    text: str


class Course(msgspec.Struct, frozen=True):
    """A line: its path, its name and where that stands."""

    path: str
    name: str
    x: float
    y: float


class Sign(msgspec.Struct, frozen=True):
    """Something that happened: ``left`` says on which side of its place the label stands."""

    x: float
    y: float
    label: str
    kind: str
    left: bool


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template draws; places in units of the drawing."""

    title: str
    subtitle: str
    says: str
    top: float
    bottom: float
    right: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    courses: tuple[Course, ...]
    signs: tuple[Sign, ...]
    usual: float | None
    threshold: float | None


def plot(chart: Chart) -> Plot | None:
    """The drawing of a chart; None if it has no point."""
    if not chart.points:
        return None
    first, last = span(chart)
    last += _NAMES * (last - first) or 1.0
    signs = placed(chart.marks, first, last)
    top = 8.0 + _ROW * (max((sign.row for sign in signs), default=-1) + 1)
    bottom = top + HEIGHT
    rounds = _rounds(chart)

    def x(at: float) -> float:
        return round(LEFT + WIDTH * (at - first) / (last - first), 1)

    def y(value: float) -> float:
        return round(bottom - HEIGHT * (value - rounds[0]) / (rounds[-1] - rounds[0]), 1)

    def course(line: Line) -> Course:
        return Course(_path(line, x, y), line.name, x(line.points[-1][0]) + 5, y(line.points[-1][1]) + 4)

    return Plot(
        title=chart.label, subtitle=subtitle(chart), says=words(chart), top=top, bottom=bottom,
        right=float(LEFT + WIDTH), y_ticks=tuple(Tick(y(value), _written(value, rounds)) for value in rounds),
        x_ticks=tuple(Tick(x(at), _clock(at, last - first)) for at in _moments(first, last)),
        courses=tuple(course(line) for line in chart.lines if line.points),
        signs=tuple(_sign(sign, x(sign.mark.at), top) for sign in signs),
        usual=None if chart.usual is None else y(chart.usual),
        threshold=None if chart.threshold is None else y(chart.threshold),
    )  # fmt: skip


def _sign(sign: Placed, x: float, top: float) -> Sign:
    y = top - 4 - _ROW * sign.row
    return Sign(x=x, y=y, label=sign.mark.label, kind=sign.mark.kind, left=sign.left)


def _path(line: Line, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    """From point to point; where nothing was measured it stops and begins anew."""
    parts: list[str] = []
    before = -1
    for (at, value), stretch in zip(line.points, stretches([at for at, _ in line.points]), strict=True):
        parts.append(f"{'L' if stretch == before else 'M'}{x(at)} {y(value)}")
        before = stretch
    return "".join(parts)


def _rounds(chart: Chart) -> tuple[float, ...]:
    """Round numbers around everything that is drawn, a handful of them; at least two."""
    values = [value for _, value in chart.points]
    values += [value for value in (chart.usual, chart.threshold) if value is not None]
    low, high = min(values), max(values)
    room = (high - low) or abs(low) * 0.1 or 1.0
    raw = room / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    begin, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(step * n, 12) for n in range(begin, max(end, begin + 1) + 1))


def _written(value: float, rounds: Sequence[float]) -> str:
    """With as many decimals as tell the numbers of the axis apart."""
    decimals = max(0, -math.floor(math.log10(rounds[1] - rounds[0]) + 1e-9))
    return f"{value:,.{min(decimals, 9)}f}"


def _moments(first: float, last: float) -> tuple[float, ...]:
    """Round times of day, six at most."""
    step = next((one for one in _SPANS if (last - first) / one <= 6), _SPANS[-1])
    begin = math.ceil(first / step)
    return tuple(float(step * n) for n in range(begin, min(int(last // step), begin + 12) + 1))


def _clock(at: float, whole: float) -> str:
    """The time of day in UTC; in a chart of days the day before it."""
    return f"{datetime.fromtimestamp(at, UTC):{'%m-%d %H:%M' if whole > 86_400 else '%H:%M'}}"
