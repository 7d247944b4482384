"""How much a series repeats itself, and how many independent observations it is worth.

Measurements a minute apart are much alike, so 96 of them say less than 96 draws would. A series is taken as a
first-order autoregression: neighbours correlate by rho, points k apart by rho ** k. Points are evenly spaced; where
one is missing its neighbours count as neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    #: one row of numbers, shape (n,)
    Numbers = Sequence[float] | npt.NDArray[np.floating]

#: a series that repeats itself more than this is a line; nothing can be told from it
MOST = 0.98


def finite(values: Numbers) -> npt.NDArray[np.float64]:
    """``values`` without NaN and infinities, shape (n,). Raises ValueError for anything but one row of numbers."""
    import numpy as np

    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1:
        raise ValueError("a series is one row of numbers")
    return found[np.isfinite(found)]


def rho_of(residuals: npt.NDArray[np.float64], *, fitted: int = 1) -> float:
    """The correlation of neighbours in ``residuals``, shape (n,), from 0 to 0.98.

    ``fitted`` is how many parameters were taken out: 1 for a mean, 2 for a line. Taking them out makes the estimate
    too small, by (1 + 3 rho) / n for a mean (Kendall 1954, Biometrika 41, 403-404) and by 2 (1 + 2 rho) / n for a
    line (Phillips and Sul 2007, Journal of Econometrics 137, 162-188); that is put back. Negative correlation
    counts as none: no series is worth more than its points.
    """
    n = len(residuals)
    energy = float(residuals[:-1] @ residuals[:-1]) if n > 1 else 0.0
    if n < 5 or energy <= 0.0:
        return 0.0
    seen = float(residuals[1:] @ residuals[:-1]) / energy
    constant, factor = (1.0, 3.0) if fitted == 1 else (2.0, 4.0)
    return min(MOST, max(0.0, (seen + constant / n) / max(1.0 - factor / n, 0.2)))


def worth(n: int, rho: float) -> float:
    """Independent observations whose mean is as exact as that of ``n`` with ``rho``: n (1 - rho) / (1 + rho)."""
    return max(min(2.0, float(n)), n * (1 - rho) / (1 + rho))


def effective_n(values: Numbers) -> float:
    """How many independent observations ``values`` are worth: at most as many as they are. Raises ValueError."""
    series = finite(values)
    if len(series) == 0:
        return 0.0
    return worth(len(series), rho_of(series - series.mean()))
