"""Choosing series by their labels, and reading them at the steps of a query."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

import numpy as np
from promql_parser import MatchOp, VectorSelector

from bot.sandbox.world.promql.vectors import NAME, Floats, QueryError, Row, TimeSeries, Vector, vector

#: how far back an instant vector looks for its last sample, in seconds
LOOKBACK = 300.0


class Source(Protocol):
    """Where series come from."""

    def names(self) -> Iterable[str]:
        """Every metric's name."""

    def series(self, name: str) -> Iterable[TimeSeries]:
        """All series of that name; none for an unknown one."""


def select(selector: VectorSelector, source: Source) -> list[TimeSeries]:
    """The series that fit all matchers of ``selector``; a label that is missing counts as empty."""
    if selector.at is not None or selector.matchers.or_matchers:
        raise QueryError("execution", "the synthetic world knows neither '@' nor 'or' between matchers")
    matchers = [(m.name, m.op, m.value) for m in selector.matchers.matchers]
    if selector.name is None:
        on_name = [(op, value) for name, op, value in matchers if name == NAME]
        names = [name for name in source.names() if all(_fits(op, value, name) for op, value in on_name)]
    else:
        names = [selector.name]
    return [
        series
        for name in names
        for series in source.series(name)
        if all(_fits(op, value, series.labels.get(label, "")) for label, op, value in matchers)
    ]


def offset_seconds(selector: VectorSelector) -> float:
    """How many seconds the selector looks back (negative: ahead)."""
    offset: timedelta | None = selector.offset
    return offset.total_seconds() if offset is not None else 0.0


def at_steps(selector: VectorSelector, source: Source, times: Floats) -> Vector:
    """Each selected series at ``times``: its last sample of the five minutes before, unless it went stale."""
    times = times - offset_seconds(selector)
    return vector(_at_steps(series, times) for series in select(selector, source))


def _at_steps(series: TimeSeries, times: Floats) -> Row:
    last = np.searchsorted(series.times, times, side="right") - 1
    found = np.maximum(last, 0)
    values = series.values[found]
    present = (last >= 0) & (times - series.times[found] < LOOKBACK) & ~np.isnan(values)
    return Row(series.labels, values, present)


def _fits(op: MatchOp, wanted: str, value: str) -> bool:
    if op == MatchOp.Equal:
        return value == wanted
    if op == MatchOp.NotEqual:
        return value != wanted
    try:
        matches = re.fullmatch(wanted, value) is not None
    except re.error as problem:
        raise QueryError("bad_data", f"the matcher ~{wanted!r} is not a regular expression: {problem}") from None
    return matches if op == MatchOp.Re else not matches
