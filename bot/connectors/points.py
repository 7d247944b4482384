"""Which numbers and moments of a source count: a measurement is reckoned with, stored and drawn.

What overflows when it is squared would come back from the log as no number at all, and an entry that cannot be read
takes its whole incident along.
"""

from __future__ import annotations

import math

#: No measurement is larger: its square is still a number.
LARGEST = 1e150
#: The year 3000, in seconds since 1970.
_LAST = 32_503_680_000.0


def measurable(value: float) -> float | None:
    """``value`` as a float; None for what is no number (NaN, infinity) or larger than ``LARGEST``."""
    if not -LARGEST <= value <= LARGEST:
        return None
    return float(value) if math.isfinite(value) else None


def moment(at: float) -> float:
    """Seconds since 1970, between then and the year 3000. Raises ValueError for anything else."""
    if not 0 <= at <= _LAST:
        raise ValueError("a moment that no clock shows")
    return at
