"""The difference of two quantiles, such as the p95 or p99 of latency: where a tail alone grew slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.statistics.cases import Cases, Side
from bot.statistics.drawn import ROUNDS, drawn_quantile
from bot.statistics.estimated import Drawn
from bot.statistics.robust import shares, sizes_of, spread

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def quantile_difference(cases: Cases, share: float, *, seed: int) -> Drawn:
    """The ``share`` quantile of b minus that of a, in units of the values, with draws of it.

    Both sides are drawn apart, also where the cases are the same, which can only make the interval wider. Where rows
    are weighted or in clusters, the share below the quantile is drawn around itself with its robust error and read
    off the distribution (Woodruff 1952, JASA 47, 635-646).
    """
    found = [_drawn(side, share, seed + number) for number, side in enumerate((cases.a, cases.b))]
    (a, a_draws), (b, b_draws) = found
    groups = 0 if cases.a.clusters is None else len(set(cases.a.clusters.tolist()))
    return Drawn(a_rate=a, b_rate=b, draws=b_draws - a_draws, sizes=sizes_of(cases, groups), rates=False)


def _drawn(side: Side, share: float, seed: int) -> tuple[float, Floats]:
    import numpy as np

    if side.weights is None and side.clusters is None:
        return drawn_quantile(side.values, share, seed=seed)
    order = np.argsort(side.values)
    ordered, counting = side.values[order], shares(side)
    below = np.cumsum(counting[order])
    last = len(ordered) - 1

    def at(shares_below: Floats) -> Floats:
        return ordered[np.minimum(last, np.searchsorted(below, shares_below - 1e-12))]

    found = float(at(np.array([share]))[0])
    error, _ = spread(counting * ((side.values <= found) - share), side.clusters)
    moved = np.random.default_rng(seed).normal(share, error, size=ROUNDS)
    return found, at(np.clip(moved, 0.0, 1.0))
