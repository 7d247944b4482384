"""Differences of means whose rows are weighted or come in clusters, with standard errors that know it.

A user with thirty rows is one opinion, not thirty: the spread is that of the clusters' sums (Liang and Zeger 1986,
Biometrika 73, 13-22, the linearised form). Weights are those of sampling, 1 / probability of having been drawn
(Horvitz and Thompson 1952; as a quotient, Hájek 1971).
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from bot.statistics.cases import Cases, Side
from bot.statistics.estimated import Estimated, Sizes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


def difference(cases: Cases, *, rates: bool) -> Estimated:
    """The weighted difference of means, b - a; both sides have a case. Shape of the arrays: (n,) a side."""
    import numpy as np

    means = [mean(cases.a), mean(cases.b)]
    if cases.paired:
        share = shares(cases.a)
        influence = share * (cases.b.values - cases.a.values - (means[1] - means[0]))
        error, groups = spread(influence, cases.a.clusters)
        free = groups - 1
    else:
        parts = [shares(side) * (side.values - one) for side, one in zip((cases.a, cases.b), means, strict=True)]
        error, groups = spread(np.concatenate((-parts[0], parts[1])), joined(cases))
        free = groups - 2
    if rates:  # without any discordant case nothing is certain yet: two more clusters, one each way
        error = max(error, sqrt(2) / (groups + 2))
    return Estimated(
        a_rate=means[0], b_rate=means[1], effect=means[1] - means[0], error=error, free=free,
        sizes=sizes_of(cases, groups), rates=rates,
    )  # fmt: skip


def sizes_of(cases: Cases, clusters: int) -> Sizes:
    """Of both sides; ``clusters`` only where cases come in clusters."""
    return Sizes(len(cases.a), len(cases.b), cases.paired, None if cases.a.clusters is None else clusters)


def mean(side: Side) -> float:
    """Weighted, if there are weights; 0 of nothing."""
    if len(side) == 0:
        return 0.0
    found = float(shares(side) @ side.values)
    return min(max(found, float(side.values.min())), float(side.values.max()))  # rounding leaves no share above 1


def shares(side: Side) -> Floats:
    """What each case counts for, shape (n,); together 1."""
    import numpy as np

    if side.weights is None:
        return np.full(len(side), 1.0 / max(len(side), 1))
    return side.weights / float(side.weights.sum())


def joined(cases: Cases) -> Ints | None:
    """The clusters of a's cases and then b's, shape (n_a + n_b,)."""
    import numpy as np

    if cases.a.clusters is None or cases.b.clusters is None:
        return None
    return np.concatenate((cases.a.clusters, cases.b.clusters))


def summed(values: Floats, clusters: Ints) -> Floats:
    """The sum of ``values`` in each cluster that occurs, shape (clusters,)."""
    import numpy as np

    found: Floats = np.bincount(clusters, weights=values).astype(np.float64)
    return found[np.bincount(clusters) > 0]


def spread(influence: Floats, clusters: Ints | None) -> tuple[float, int]:
    """The standard error of a sum of influences, shape (n,), and the number of clusters; 0 for a single one."""

    sums = influence
    if clusters is not None:
        sums = summed(influence, clusters)
    groups = len(sums)
    if groups < 2:
        return 0.0, groups
    return sqrt(float(sums @ sums) * groups / (groups - 1)), groups
