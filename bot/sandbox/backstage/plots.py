"""Charts of the model service, laid out for an SVG: paths, ticks, labels, marks, and a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.sandbox.backstage.plot_marks import LETTER, WIDTH, PlotMark, place_marks
from bot.sandbox.backstage.scales import Scale, decimals_of, spread, ticks, written
from bot.sandbox.world.charts import Chart, Line, Mark

LEFT: Final = 46
HEIGHT: Final = 104
MARK_ROW: Final = 12
#: looks of lines that can be told apart, by colour and by dashes
STYLES: Final = 6
LONGEST_LABEL: Final = 14


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A number on an axis; ``at`` is where."""

    at: float
    text: str


class PlotLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line; its label, if it needs one, stands at its end. ``stale``: ``value`` is known, but not the newest."""

    name: str
    style: int
    path: str
    label: str
    label_y: float
    value: str
    stale: bool


class TableRow(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of the table."""

    at: datetime
    values: tuple[str, ...]


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """One chart. The plot lies between ``top`` and ``bottom``, up to ``right``; ``says`` is it in a sentence."""

    key: str
    title: str
    unit: str
    says: str
    top: float
    bottom: float
    right: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    lines: tuple[PlotLine, ...]
    threshold: Tick | None
    marks: tuple[PlotMark, ...]
    table: tuple[TableRow, ...]


class Plots(msgspec.Struct, frozen=True, kw_only=True):
    """All charts of the service over the last ``minutes``, and what happened to it in that time."""

    minutes: int
    plots: tuple[Plot, ...]
    marks: tuple[PlotMark, ...]


def plots(charts: Sequence[Chart], marks: Sequence[Mark], *, minutes: int) -> Plots:
    """The charts laid out; a line keeps its look in all of them."""
    styles, right = looks(charts), right_edge(charts)
    made = tuple(
        plot(chart, marks, key=f"chart-{number}", styles=styles, right=right)
        for number, chart in enumerate(charts)
        if any(line.points for line in chart.lines)
    )
    return Plots(minutes=minutes, plots=made, marks=made[0].marks if made else ())


def looks(charts: Sequence[Chart]) -> dict[str, int]:
    """A look for each name: the last name of a chart, the newest version, is drawn plainest."""
    styles: dict[str, int] = {}
    for chart in charts:
        names = [line.name for line in chart.lines]
        for name in reversed(names):
            taken = {styles[other] for other in names if other in styles}
            free = (style for style in range(STYLES) if style not in taken)
            styles.setdefault(name, next(free, len(styles) % STYLES))
    return styles


def right_edge(charts: Sequence[Chart]) -> float:
    """Where the plots end, so that the longest label has room beside them: the same for all, for their marks."""
    names = [end_label(line.name) for chart in charts if len(chart.lines) > 1 for line in chart.lines]
    return round(WIDTH - 10 - LETTER * max((len(name) for name in names), default=5), 1)


def plot(
    chart: Chart, marks: Sequence[Mark], *, key: str, styles: Mapping[str, int], right: float = WIDTH - 54.0
) -> Plot:
    """One chart laid out. It has at least one line with points."""
    times = [at for line in chart.lines for at, _ in line.points]
    along = Scale(low=min(times), high=max(max(times), min(times) + 1.0), start=LEFT, end=right)
    placed = place_marks(marks, along)
    top = 6.0 + MARK_ROW * (1 + max((mark.row for mark in placed), default=-1))
    bottom = top + HEIGHT
    numbers = y_numbers(chart)
    up = Scale(low=numbers[0], high=numbers[-1], start=bottom, end=top)
    decimals = decimals_of(numbers[1] - numbers[0])
    line = chart.threshold
    return Plot(
        key=key,
        title=chart.title,
        unit=chart.unit,
        says=in_a_sentence(chart),
        top=top,
        bottom=bottom,
        right=right,
        y_ticks=tuple(Tick(at=up.at(n), text=written(n, chart.unit, decimals=decimals)) for n in numbers),
        x_ticks=x_ticks(along),
        lines=_lines(chart, along, up, styles),
        threshold=None if line is None else Tick(at=up.at(line), text=f"alert at {written(line, chart.unit)}"),
        marks=placed,
        table=table(chart),
    )


def y_numbers(chart: Chart) -> tuple[float, ...]:
    """The numbers on the upright axis, which hold every value and the threshold. A share never leaves 0 to 100 %."""
    values = [value for line in chart.lines for _, value in line.points if value is not None]
    values += [chart.threshold] if chart.threshold is not None else []
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if chart.unit == "%" and high > 50.0:
        low, high = 0.0, 100.0
    elif low >= 0.0 and low < 0.4 * high:
        low = 0.0
    return ticks(low, high)


def x_ticks(along: Scale) -> tuple[Tick, ...]:
    """How long ago, in whole minutes or hours, the unit once; the end is now."""
    size, unit = (3600.0, "h") if along.high - along.low > 4 * 3600.0 else (60.0, "min")
    span = (along.high - along.low) / size
    steps = [step for step in ticks(0.0, span, about=4) if 0 < step <= span + 0.01]
    texts = [f"{step:g}" for step in steps[:-1]] + [f"{step:g} {unit} ago" for step in steps[-1:]]
    past = [Tick(at=along.at(along.high - step * size), text=text) for step, text in zip(steps, texts, strict=True)]
    return (*reversed(past), Tick(at=along.end, text="now"))


def path(line: Line, along: Scale, up: Scale) -> str:
    """The line as an SVG path; a gap where values are missing, a dot where one stands alone."""
    drawn: list[str] = []
    pen_down = False
    for number, (at, value) in enumerate(line.points):
        if value is None:
            pen_down = False
            continue
        drawn.append(f"{'L' if pen_down else 'M'}{along.at(at):g} {up.at(value):g}")
        alone = number + 1 == len(line.points) or line.points[number + 1][1] is None
        if alone and not pen_down:
            drawn.append("h0")
        pen_down = True
    return "".join(drawn)


def last_value(line: Line) -> tuple[float, bool] | None:
    """The newest value, and whether moments without one came after it; None if there is none."""
    known = [value for _, value in line.points if value is not None]
    return (known[-1], line.points[-1][1] is None) if known else None


def _lines(chart: Chart, along: Scale, up: Scale, styles: Mapping[str, int]) -> tuple[PlotLine, ...]:
    ends = [(line, found) for line in chart.lines if (found := last_value(line))]
    heights = spread([up.at(value) for _, (value, _) in ends], apart=13.0, low=up.end + 2, high=up.start)
    return tuple(
        PlotLine(
            name=line.name,
            style=styles.get(line.name, 0),
            path=path(line, along, up),
            label=end_label(line.name) if len(chart.lines) > 1 else "",
            label_y=round(height + 3.5, 1),
            value=written(value, chart.unit),
            stale=stale,
        )
        for (line, (value, stale)), height in zip(ends, heights, strict=True)
    )


def end_label(name: str) -> str:
    """The name as far as there is room for it beside the plot."""
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def table(chart: Chart, *, most: int = 10) -> tuple[TableRow, ...]:
    """Every so many moments and the newest one, newest first, with a value for each line."""
    known = [dict(line.points) for line in chart.lines]
    moments = sorted({at for points in known for at in points}, reverse=True)
    every = max(1, -(-len(moments) // most))
    return tuple(
        TableRow(
            at=datetime.fromtimestamp(at, UTC), values=tuple(_cell(points.get(at), chart.unit) for points in known)
        )
        for at in moments[::every]
    )


def _cell(value: float | None, unit: str) -> str:
    return "—" if value is None else written(value, unit)


def in_a_sentence(chart: Chart) -> str:
    """What the chart shows, for those who do not see it."""
    told: list[str] = []
    for line in chart.lines:
        known = [value for _, value in line.points if value is not None]
        if not known:
            told.append(f"{line.name}: no value")
            continue
        low, high = written(min(known), chart.unit), written(max(known), chart.unit)
        last = written(known[-1], chart.unit)
        told.append(f"{line.name}: {last} last, between {low} and {high}")
    if chart.threshold is not None:
        told.append(f"the alert's line is at {written(chart.threshold, chart.unit)}")
    return "; ".join(told) + "."
