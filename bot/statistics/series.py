"""Is a series going up or down? A slope with an interval that knows that neighbours are alike.

Jumps after a release are in ``jumps``; both give ``effective_n``, which people are told beside ``n``.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

import msgspec

from bot.statistics.autocorrelation import effective_n, rho_of, worth
from bot.statistics.jumps import Jump, block_bootstrap, jump, placebo

if TYPE_CHECKING:
    from bot.statistics.autocorrelation import Numbers

__all__ = ["Jump", "Trend", "block_bootstrap", "effective_n", "jump", "placebo", "trend"]

HOUR = 3600.0
#: fewer points than these make no trend
FEWEST = 8


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """``slope_per_hour`` in units of the values an hour, with its interval ``low`` to ``high`` at ``confidence``.

    ``effective_n`` is how many independent points the ``n`` points are worth. ``p`` is the two-sided p-value of "no
    slope". With fewer than 8 points, or all at one time, the interval reaches from -inf to inf.
    """

    slope_per_hour: float
    low: float
    high: float
    p: float
    n: int
    effective_n: float
    confidence: float

    @property
    def direction(self) -> int:
        """1 where the whole interval is above 0, -1 where it is below, else 0: no trend can be told."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


def trend(times: Numbers, values: Numbers, *, confidence: float = 0.95) -> Trend:
    """The least-squares slope of ``values`` over ``times`` (seconds, rising), both of shape (n,).

    Standard error and degrees of freedom are those of the effective number of residuals (Santer et al. 2000,
    Journal of Geophysical Research 105, 7337-7356). Points that are NaN or infinite are left out. Raises ValueError
    where both are not equally long.
    """
    import numpy as np
    from scipy.stats import t as student

    x, y = np.asarray(times, dtype=np.float64) / HOUR, np.asarray(values, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError("a trend needs as many times as values")
    kept = np.isfinite(x) & np.isfinite(y)
    x, y = x[kept], y[kept]
    n = len(x)
    around = x - x.mean() if n else x
    spread = float(around @ around)
    if n < FEWEST or float(np.ptp(x)) <= 0.0:
        return Trend(slope_per_hour=0.0, low=-inf, high=inf, p=1.0, n=n, effective_n=float(n), confidence=confidence)
    slope = float(around @ y) / spread
    residuals = y - y.mean() - slope * around
    independent = worth(n, rho_of(residuals, fitted=2))
    free = max(independent - 2.0, 1.0)
    error = sqrt(float(residuals @ residuals) / free / spread)
    reach = float(student.ppf(0.5 + confidence / 2, free)) * error
    p = 2 * float(student.sf(abs(slope) / error, free)) if error > 0 else float(slope == 0)
    return Trend(
        slope_per_hour=slope, low=slope - reach, high=slope + reach, p=p, n=n, effective_n=independent,
        confidence=confidence,
    )  # fmt: skip
