"""The bootstrap: what else would have come out, had other cases been drawn.

Shares are drawn as counts and quantiles as ranks, which is the same as drawing the cases and costs nothing. Means are
drawn by clusters (a user with all rows). All of it is deterministic for one seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.statistics.counts import Counts, PairedCounts
from bot.statistics.estimated import Drawn, Sizes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: enough for an interval at 99.75 %: that of 20 slices by Holm
ROUNDS = 4000
#: means of more clusters than these are as good as normal; drawing them would only take time
MOST_CLUSTERS = 2000


def drawn_of_counts(*, paired: PairedCounts | None, a: Counts | None, b: Counts | None, seed: int) -> Drawn:
    """The difference of two shares: of the same cases where ``paired`` is given. Raises ValueError without counts."""
    import numpy as np

    random = np.random.default_rng(seed)
    if paired is not None:
        n = max(paired.n, 1)
        shares = np.array([paired.only_a, paired.only_b, paired.both + paired.neither]) / n
        table = random.multinomial(n, shares if paired.n else [0, 0, 1], size=ROUNDS)
        return Drawn(
            a_rate=paired.a.rate, b_rate=paired.b.rate, draws=(table[:, 1] - table[:, 0]) / n,
            sizes=Sizes(paired.n, paired.n, paired=True), rates=True,
        )  # fmt: skip
    if a is None or b is None:
        raise ValueError("the bootstrap needs n and successes of both versions, or pairs, or rows")
    draws = [random.binomial(max(side.n, 1), side.rate, ROUNDS) / max(side.n, 1) for side in (a, b)]
    sizes = Sizes(a.n, b.n, paired=False)
    return Drawn(a_rate=a.rate, b_rate=b.rate, draws=draws[1] - draws[0], sizes=sizes, rates=True)


def drawn_means(sums: Floats, weights: Floats, *, seed: int, rounds: int = ROUNDS) -> Floats:
    """Means drawn by clusters: ``sums`` and ``weights`` of shape (clusters, k) give draws of shape (rounds, k).

    Each mean is a quotient of two drawn totals. NaN where a draw holds no weight at all.
    """
    import numpy as np

    random, size = np.random.default_rng(seed), len(sums)
    found = np.empty((rounds, sums.shape[1]))
    for begin in range(0, rounds, 500):
        picked = random.integers(0, size, size=(min(500, rounds - begin), size))
        with np.errstate(invalid="ignore", divide="ignore"):
            found[begin : begin + 500] = sums[picked].sum(axis=1) / weights[picked].sum(axis=1)
    return found


def drawn_quantile(values: Floats, share: float, *, seed: int, rounds: int = ROUNDS) -> tuple[float, Floats]:
    """The quantile of ``values``, shape (n,), n >= 1, and draws of it, shape (rounds,).

    The k-th of n drawn values has the rank that a beta variable with k and n - k + 1 says, so that drawing ranks is
    the bootstrap itself (Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 10).
    """
    import numpy as np

    ordered = np.sort(values)
    n = len(ordered)
    k = min(n, max(1, int(np.ceil(share * n))))
    ranks = np.random.default_rng(seed).beta(k, n - k + 1, size=rounds)
    return float(ordered[k - 1]), ordered[np.minimum(n - 1, np.floor(ranks * n).astype(np.int64))]
