"""Functions over the samples of a window: ``rate``, ``increase``, ``avg_over_time`` and their like.

``rate`` follows Prometheus: resets of a counter are healed, and the increase between the first and the last sample
is stretched to the window's edges, but not further than half a sampling interval where the series begins or ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from promql_parser import MatrixSelector

from bot.sandbox.world.promql.selection import Source, offset_seconds, select
from bot.sandbox.world.promql.vectors import Bools, Floats, Row, TimeSeries, Vector, vector, without_name


class Windows:
    """One series' samples in the windows that end at ``ends``, both edges included.

    ``first`` and ``after`` are indexes into ``times`` and ``values``: the window is ``[first, after)``.
    """

    def __init__(self, series: TimeSeries, ends: Floats, length: float) -> None:
        there = ~np.isnan(series.values)
        self.times, self.values = series.times[there], series.values[there]
        self.ends, self.length = ends, length
        self.first = np.searchsorted(self.times, ends - length, side="left")
        self.after = np.searchsorted(self.times, ends, side="right")
        self.count = self.after - self.first

    def at_first(self, values: Floats) -> Floats:
        """``values`` at each window's first sample; whatever, where the window is empty."""
        return values[np.minimum(self.first, len(values) - 1)]

    def at_last(self, values: Floats) -> Floats:
        """``values`` at each window's last sample; whatever, where the window is empty."""
        return values[np.maximum(self.after - 1, 0)]


def over_window(name: str, selector: MatrixSelector, source: Source, times: Floats) -> Vector:
    """The function called ``name`` (a key of ``WINDOW_FUNCTIONS``) over each selected series at ``times``."""
    inner = selector.vector_selector
    ends = times - offset_seconds(inner)
    rows = []
    for series in select(inner, source):
        windows = Windows(series, ends, selector.range.total_seconds())
        if len(windows.values):
            values, present = WINDOW_FUNCTIONS[name](windows)
            rows.append(Row(without_name(series.labels), values, present))
    return vector(rows)


def _increase(windows: Windows) -> tuple[Floats, Bools]:
    values, times = windows.values, windows.times
    drops = np.where(np.diff(values, prepend=values[0]) < 0, np.concatenate([values[:1], values[:-1]]), 0.0)
    healed = values + np.cumsum(drops)
    present = windows.count >= 2
    grown = np.where(present, windows.at_last(healed) - windows.at_first(healed), 0.0)
    sampled = np.where(present, windows.at_last(times) - windows.at_first(times), 1.0)
    between = sampled / np.maximum(windows.count - 1, 1)
    before = windows.at_first(times) - (windows.ends - windows.length)
    behind = windows.ends - windows.at_last(times)
    # a counter cannot have been below zero: it is not stretched beyond the moment when it would have been zero
    growing = grown > 0
    to_zero = sampled * windows.at_first(values) / np.where(growing, grown, 1.0)
    before = np.where(growing, np.minimum(before, to_zero), before)
    near = between * 1.1
    stretched = sampled + np.where(before < near, before, between / 2) + np.where(behind < near, behind, between / 2)
    return grown * stretched / sampled, present


def _rate(windows: Windows) -> tuple[Floats, Bools]:
    grown, present = _increase(windows)
    return grown / windows.length, present


def _sum(windows: Windows) -> tuple[Floats, Bools]:
    # means are taken from a sum of differences to the overall mean, or a week of small numbers loses its digits
    centre = float(windows.values.mean())
    running = np.concatenate([[0.0], np.cumsum(windows.values - centre)])
    return running[windows.after] - running[windows.first] + centre * windows.count, windows.count > 0


def _avg(windows: Windows) -> tuple[Floats, Bools]:
    total, present = _sum(windows)
    return total / np.maximum(windows.count, 1), present


def _count(windows: Windows) -> tuple[Floats, Bools]:
    return windows.count.astype(np.float64), windows.count > 0


def _last(windows: Windows) -> tuple[Floats, Bools]:
    return windows.at_last(windows.values), windows.count > 0


def _extreme(choose: np.ufunc) -> Callable[[Windows], tuple[Floats, Bools]]:
    def extreme(windows: Windows) -> tuple[Floats, Bools]:
        present = windows.count > 0
        padded = np.append(windows.values, windows.values[-1])
        last = len(windows.values)
        edges = np.stack([np.minimum(windows.first, last), np.minimum(windows.after, last)], axis=1).ravel()
        values: Floats = choose.reduceat(padded, edges)[::2]
        return values, present

    return extreme


WINDOW_FUNCTIONS: Mapping[str, Callable[[Windows], tuple[Floats, Bools]]] = {
    "rate": _rate,
    "increase": _increase,
    "avg_over_time": _avg,
    "sum_over_time": _sum,
    "count_over_time": _count,
    "last_over_time": _last,
    "max_over_time": _extreme(np.maximum),
    "min_over_time": _extreme(np.minimum),
}
