"""Did the distribution of a feature or of the scores move? Four measures, each with a smallest change that matters.

With many rows every test finds something (200,000 rows show a shift of 0.02 standard deviations with p = 7e-5), and
with few rows an index finds something where nothing is: PSI exceeds 0.2 in 42 % of samples of 100 without any
drift. So each measure has a minimum of rows, a minimum effect, and a p-value where one exists; ``bad`` needs both.
A change that is large enough and may be chance is ``inconclusive``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Literal

import msgspec

from bot.statistics.autocorrelation import finite

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bot.statistics.autocorrelation import Numbers

    Floats = npt.NDArray[np.float64]

Method = Literal["psi", "ks", "chi_square", "wasserstein"]
Verdict = Literal["ok", "bad", "inconclusive", "no_data"]
#: from which value on a drift matters, unless somebody says otherwise
MIN_EFFECT: Mapping[Method, float] = {"psi": 0.2, "ks": 0.1, "chi_square": 0.1, "wasserstein": 0.1}
#: an empty bin counts as this share, or the index would be infinite
EMPTY = 1e-4
#: rows a side that are shuffled for the p-value of a Wasserstein distance
SHUFFLED = 4000


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` of the ``method``: at least ``min_effect`` and not by chance is ``bad``.

    ``value`` is without unit: an index (PSI), a distance of distribution functions (KS), Cramér's V (chi-square), a
    distance in standard deviations of the reference (Wasserstein). ``p`` is the p-value of "no drift"; None for PSI,
    which has none. ``n`` is the smaller side; below ``min_n`` the verdict is ``no_data``.
    """

    method: Method
    verdict: Verdict
    value: float
    p: float | None
    n: int
    min_n: int
    min_effect: float


def psi(reference: Numbers, current: Numbers, *, bins: int = 10, min_effect: float = 0.2, min_n: int = 500) -> Drift:
    """The population stability index of values, shapes (n,) and (m,), in quantile bins of the reference.

    sum of (c - r) ln(c / r) over the bins' shares (Siddiqi 2006, Credit Risk Scorecards); 0.1 is a small and 0.2 a
    considerable shift by convention. A value that fills several bins has one of its own. Raises ValueError.
    """
    import numpy as np

    old, new = finite(reference), finite(current)
    if not len(old) or not len(new):
        return _judged("psi", 0.0, None, min(len(old), len(new)), min_n, min_effect)
    edges, times = np.unique(np.quantile(old, np.linspace(0, 1, bins + 1)[1:-1]), return_counts=True)
    edges = np.union1d(edges, np.nextafter(edges[times > 1], np.inf))
    shares = [
        np.bincount(np.searchsorted(edges, side, side="right"), minlength=len(edges) + 1) for side in (old, new)
    ]
    return _index(shares[0], shares[1], min_n, min_effect)


def psi_of_counts(
    reference: Sequence[int], current: Sequence[int], *, min_effect: float = 0.2, min_n: int = 500
) -> Drift:
    """The same index where bins or categories were counted already; both of shape (bins,). Raises ValueError."""
    import numpy as np

    old, new = np.asarray(reference, dtype=np.int64), np.asarray(current, dtype=np.int64)
    _counted(old, new)
    return _index(old, new, min_n, min_effect)


def ks(
    reference: Numbers, current: Numbers, *, min_effect: float = 0.1, min_n: int = 100,
    alpha: float = 0.05,
) -> Drift:  # fmt: skip
    """Kolmogorov and Smirnov's largest distance of the two distribution functions, and its p-value."""
    from scipy.stats import ks_2samp

    old, new = finite(reference), finite(current)
    n = min(len(old), len(new))
    if n == 0:
        return _judged("ks", 0.0, None, n, min_n, min_effect)
    found = ks_2samp(old, new, method="auto" if n < 5000 else "asymp")
    return _judged("ks", float(found.statistic), float(found.pvalue), n, min_n, min_effect, alpha)


def chi_square(
    reference: Sequence[int], current: Sequence[int], *, min_effect: float = 0.1, min_n: int = 100,
    alpha: float = 0.05,
) -> Drift:  # fmt: skip
    """Pearson's test on counts of categories, both of shape (categories,); the value is Cramér's V.

    Categories that nobody would expect five times are counted together as one (Cochran 1954). Raises ValueError for
    counts that cannot be.
    """
    import numpy as np
    from scipy.stats import chi2_contingency

    table = np.asarray([reference, current], dtype=np.int64)
    _counted(table[0], table[1])
    n = int(table.sum(axis=1).min())
    if n == 0:
        return _judged("chi_square", 0.0, None, n, min_n, min_effect)
    expected = table.sum(axis=0) * n / table.sum()
    rare = expected < 5
    table = np.column_stack((table[:, ~rare], table[:, rare].sum(axis=1)))
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return _judged("chi_square", 0.0, 1.0, n, min_n, min_effect, alpha)
    found = chi2_contingency(table, correction=False)
    return _judged(
        "chi_square",
        sqrt(float(found.statistic) / int(table.sum())),
        float(found.pvalue),
        n,
        min_n,
        min_effect,
        alpha,
    )


def wasserstein(
    reference: Numbers, current: Numbers, *, min_effect: float = 0.1, min_n: int = 100,
    alpha: float = 0.05, seed: int, rounds: int = 200,
) -> Drift:  # fmt: skip
    """How far mass has to be carried from one distribution to the other, in standard deviations of the reference.

    The p-value is that of shuffling the rows between both sides (at most 4,000 a side, ``rounds`` times).
    """
    import numpy as np
    from scipy.stats import wasserstein_distance

    old, new = finite(reference), finite(current)
    n = min(len(old), len(new))
    scale = float(old.std()) if n else 0.0
    if n == 0 or scale <= 0.0:
        moved = n > 0 and bool(np.any(new != old[0]))
        return _judged("wasserstein", float(moved), 0.0 if moved else 1.0, n, min_n, min_effect, alpha)
    random = np.random.default_rng(seed)
    parts = [random.permutation(side)[:SHUFFLED] for side in (old, new)]
    both, cut = np.sort(np.concatenate(parts)), len(parts[0])
    gaps = np.diff(both)
    seen = float(wasserstein_distance(parts[0], parts[1]))
    more = sum(_carried(random.permutation(len(both)), cut, gaps) >= seen for _ in range(rounds))
    value = float(wasserstein_distance(old, new)) / scale
    return _judged("wasserstein", value, (1 + more) / (1 + rounds), n, min_n, min_effect, alpha)


def _carried(order: npt.NDArray[np.int64], cut: int, gaps: Floats) -> float:
    """The distance where the sorted rows at ``order[:cut]`` are one side and the others the other side."""
    import numpy as np

    step = np.full(len(order), -1.0 / (len(order) - cut))
    step[order[:cut]] = 1.0 / cut
    return float(np.abs(np.cumsum(step)[:-1]) @ gaps)


def _index(old: npt.NDArray[np.int64], new: npt.NDArray[np.int64], min_n: int, min_effect: float) -> Drift:
    import numpy as np

    n = int(min(old.sum(), new.sum()))
    if n == 0:
        return _judged("psi", 0.0, None, n, min_n, min_effect)
    r, c = (np.maximum(side / side.sum(), EMPTY) for side in (old, new))
    return _judged("psi", float(((c - r) * np.log(c / r)).sum()), None, n, min_n, min_effect)


def _judged(
    method: Method, value: float, p: float | None, n: int, min_n: int, min_effect: float, alpha: float = 1.0
) -> Drift:
    verdict: Verdict = "ok" if value < min_effect else "bad" if p is None or p < alpha else "inconclusive"
    if n < max(1, min_n):
        verdict = "no_data"
    return Drift(method=method, verdict=verdict, value=value, p=p, n=n, min_n=min_n, min_effect=min_effect)


def _counted(old: npt.NDArray[np.int64], new: npt.NDArray[np.int64]) -> None:
    if old.shape != new.shape or old.ndim != 1 or bool((old < 0).any()) or bool((new < 0).any()):
        raise ValueError("both sides are counts, none negative, of the same categories")
