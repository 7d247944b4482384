"""A mean, a difference or a share whose standard error is known: one face for all that is not plainly counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, sqrt
from typing import TYPE_CHECKING

from bot.statistics.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """How many cases there are of ``a`` and of ``b``; of pairs it is the same number twice."""

    a: int
    b: int
    paired: bool
    clusters: int | None = None

    @property
    def all(self) -> int:
        """A pair counts once."""
        return self.a if self.paired else self.a + self.b

    def grown(self, positives: int) -> Sizes:
        """In proportion, with ``positives`` on the smaller side."""
        scale = positives / min(self.a, self.b)
        return replace(self, a=round(self.a * scale), b=round(self.b * scale))


class Sized:
    """A sample that knows its sizes."""

    sizes: Sizes

    @property
    def n(self) -> int:
        """All cases that were read."""
        return self.sizes.all

    @property
    def positives(self) -> int:
        """The smaller side."""
        return min(self.sizes.a, self.sizes.b)


@dataclass(frozen=True)
class Estimated(Sized):
    """``effect`` ± Student's quantile of ``free`` degrees of freedom times ``error``."""

    a_rate: float
    b_rate: float
    effect: float
    error: float
    free: float
    sizes: Sizes
    rates: bool
    p: float | None = None

    def interval(self, confidence: float) -> Interval:
        """Cut off at -1 and 1 for shares; everything where there is but one cluster."""
        from scipy.stats import t as student

        if self.free < 1:
            return (-1.0, 1.0) if self.rates else (-inf, inf)
        reach = float(student.ppf(0.5 + confidence / 2, self.free)) * self.error
        low, high = self.effect - reach, self.effect + reach
        return (max(-1.0, low), min(1.0, high)) if self.rates else (low, high)

    def p_value(self) -> float:
        """Of "no effect": ``p`` where a test of its own gave one."""
        from scipy.stats import t as student

        if self.p is not None:
            return self.p
        if self.free < 1:
            return 1.0
        if self.error <= 0:
            return float(self.effect == 0)
        return min(1.0, 2 * float(student.sf(abs(self.effect) / self.error, self.free)))

    def grown(self, positives: int) -> Estimated:
        """The error shrinks with the root of the number."""
        scale = positives / self.positives
        return replace(
            self, error=self.error / sqrt(scale), free=max(1.0, self.free * scale), sizes=self.sizes.grown(positives)
        )


@dataclass(frozen=True)
class Drawn(Sized):
    """A difference with ``draws`` of it, shape (rounds,), as a bootstrap found them."""

    a_rate: float
    b_rate: float
    draws: Floats
    sizes: Sizes
    rates: bool

    @property
    def effect(self) -> float:
        """The running version's minus the target's."""
        return self.b_rate - self.a_rate

    @cached_property
    def _sorted(self) -> Floats:
        import numpy as np

        return np.sort(self.draws)

    def interval(self, confidence: float) -> Interval:
        """The draws' percentiles (Efron 1979), each a rank further out than the share asks for."""
        import numpy as np

        rank = int(np.floor((1 - confidence) / 2 * (len(self._sorted) - 1)))
        return float(self._sorted[rank]), float(self._sorted[-1 - rank])

    def p_value(self) -> float:
        """Twice the share of draws on the other side of 0, never less than the number of draws allows."""
        rounds = len(self._sorted)
        below, above = int((self._sorted <= 0).sum()), int((self._sorted >= 0).sum())
        return min(1.0, 2 * (1 + min(below, above)) / (1 + rounds))

    def grown(self, positives: int) -> Estimated:
        """With the draws' spread, shrunk."""
        found = Estimated(
            a_rate=self.a_rate, b_rate=self.b_rate, effect=self.effect, error=float(self.draws.std()),
            free=max(1.0, (self.sizes.clusters or self.positives) - 1.0), sizes=self.sizes, rates=self.rates,
        )  # fmt: skip
        return found.grown(positives)
