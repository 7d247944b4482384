"""The model service's charts, and what happened when: plain values that a page can draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
import numpy as np

from bot.sandbox.world.chance import Floats
from bot.sandbox.world.ledger import COARSE, FINE
from bot.sandbox.world.promql.evaluation import evaluate, parse
from bot.sandbox.world.promql.vectors import Row, as_vector
from bot.sandbox.world.reading import Reading
from bot.sandbox.world.scenarios import MINUTE, ChartSpec
from bot.sandbox.world.world import World

MOST_POINTS = 120


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: its points are (seconds since 1970, value), ascending; None where there is no value."""

    name: str
    points: tuple[tuple[float, float | None], ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart of lines over the same moments. ``unit`` follows a number ("/s", "%", "s", or nothing for a share of
    0 to 1); ``threshold`` is where the alert's rule draws its line, in the same unit."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    threshold: float | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at ``at`` (seconds since 1970), in a few words."""

    kind: Literal["release", "alert", "flag"]
    at: float
    text: str


def charts(world: World, *, minutes: float = 30) -> tuple[Chart, ...]:
    """The scenario's charts of the last ``minutes``, the most telling first, with at most 120 moments each.

    The moments are multiples of the step, so a chart that is drawn again has moved on and not shivered.
    """
    reading, now = world.reading(), int(world.now())
    step = max(int(np.ceil(minutes * MINUTE / (MOST_POINTS - 1))), 1)
    times = np.arange(now // step - int(minutes * MINUTE) // step, now // step + 1, dtype=np.float64) * step
    # in the coarse past a rate needs two samples a minute apart
    span = max(step, 10) if minutes * MINUTE <= FINE else max(step, 2 * COARSE + COARSE // 2)
    return tuple(_chart(spec, reading, times, span) for spec in world.scenario.charts)


def marks(world: World, *, minutes: float = 30) -> tuple[Mark, ...]:
    """What happened to production in the last ``minutes``, in order: releases, the alert's turns, flags set."""
    since = world.now() - minutes * MINUTE
    found = sorted([*_changes(world), *_turns(world)], key=lambda mark: mark.at)
    return tuple(mark for mark in found if mark.at >= since)


def _chart(spec: ChartSpec, reading: Reading, times: Floats, span: int) -> Chart:
    rows = as_vector(evaluate(parse(spec.promql.replace("{span}", f"{span}s")), reading, times)).rows
    # a version that serves nothing in all this time is not drawn at the bottom of the chart
    rows = tuple(row for row in rows if len(rows) == 1 or (row.present & (row.values != 0)).any())
    lines = [Line(name=_name(spec, row.labels, reading), points=_points(row, times)) for row in rows]
    lines.sort(key=lambda line: line.name)
    return Chart(title=spec.title, unit=spec.unit, lines=tuple(lines), threshold=spec.threshold)


def _name(spec: ChartSpec, labels: Mapping[str, str], reading: Reading) -> str:
    """What tells the line from the others; the service itself, where nothing does."""
    return f"{spec.prefix}{labels[spec.by]}" if spec.by in labels else reading.state.scenario.service


def _points(row: Row, times: Floats) -> tuple[tuple[float, float | None], ...]:
    return tuple(
        (moment, round(value, 6) if there else None)
        for moment, value, there in zip(times.tolist(), row.values.tolist(), row.present.tolist(), strict=True)
    )


def _changes(world: World) -> Iterator[Mark]:
    state = world.state
    for change in state.changes:
        if change.environment != "production":
            continue
        if change.at >= state.started:
            yield Mark(kind="flag", at=change.at, text=f"{change.flag}: {_set_to(change.percentages)}")
        elif change.flag == state.scenario.flag:
            yield Mark(kind="release", at=change.at, text=f"v{_set_to(change.percentages)} released")


def _set_to(percentages: Mapping[str, float]) -> str:
    if len(percentages) == 1:
        return next(iter(percentages))
    return ", ".join(f"{option} {share:g} %" for option, share in percentages.items())


def _turns(world: World) -> Iterator[Mark]:
    name = world.scenario.alert.name
    for turn in world.alerts().turns:
        yield Mark(kind="alert", at=turn.at, text=f"{name} fires" if turn.firing else f"{name} is over")
