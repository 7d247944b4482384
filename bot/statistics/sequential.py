"""Looking again and again without fooling oneself: an interval that holds at all looks at once.

A test at 5 % that is repeated at each of 96 looks raises a false alarm in 37 of 100 quiet days. A confidence sequence
is so much wider that the truth lies in all its intervals together with the confidence it names. This is the
asymptotic one with a normal mixture (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52,
2613-2640, theorem 2.2 and section B.2 for rho). Pure arithmetic on sums: it can be folded and needs no child process.
"""

from __future__ import annotations

from math import inf, log, sqrt
from typing import Literal

import msgspec

#: until both sides have this many observations the interval is everything: the method is asymptotic
FEWEST = 30


class Tally(msgspec.Struct, frozen=True):
    """Sums over the ``n`` observations seen so far. Of a rate ``total`` and ``squares`` both are the successes."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, n: int, total: float, squares: float | None = None) -> Tally:
        """With ``n`` new observations; without ``squares`` they are zeros and ones. Raises ValueError."""
        more = total if squares is None else squares
        if n < 0 or more < 0 or (squares is None and not 0 <= total <= n) or (n == 0 and (total or more)):
            raise ValueError("these sums cannot be")
        return Tally(self.n + n, self.total + total, self.squares + more)

    @property
    def mean(self) -> float:
        """0 of nothing."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Of one observation. A rate counts as with one success and one failure more: 0 of 40 is not sure."""
        if not self.n:
            return 0.0
        if self.squares == self.total:
            rate = (self.total + 1) / (self.n + 2)
            return rate * (1 - rate)
        return max(0.0, self.squares / self.n - self.mean**2)


class ConfidenceSequence(msgspec.Struct, frozen=True, kw_only=True):
    """The running mean, or its difference to a baseline's, with an interval that may be looked at at any time.

    Each look adds observations that no earlier look had (windows that overlap count twice and break the promise):
    ``sequence = sequence.seen(n=1200, total=37)``. ``against`` is the baseline: a Tally of its own, or None for the
    mean itself. ``inflation`` is n / effective_n of the series where observations are alike; 1 where they are not.
    ``n_star`` is the number of observations at which the interval is narrowest for its kind.
    """

    now: Tally = Tally()
    against: Tally | None = None
    confidence: float = 0.95
    n_star: int = 5000
    inflation: float = 1.0

    def seen(
        self, *, n: int, total: float, squares: float | None = None, against: tuple[int, float] | None = None
    ) -> ConfidenceSequence:
        """After one more look. ``against`` are n and successes that the baseline gained at the same look."""
        other = self.against
        if against is not None:
            other = (other or Tally()).plus(*against)
        return msgspec.structs.replace(self, now=self.now.plus(n, total, squares), against=other)

    @property
    def estimate(self) -> float:
        """The mean, or the difference of both means (now minus baseline)."""
        return self.now.mean - (self.against.mean if self.against else 0.0)

    @property
    def interval(self) -> tuple[float, float]:
        """``(low, high)``; everything until there are 30 observations on each side."""
        sides = [self.now] if self.against is None else [self.now, self.against]
        if min(side.n for side in sides) < FEWEST:
            return -inf, inf
        size = sum(side.n for side in sides)
        spread = size * sum(side.variance / side.n for side in sides)
        rate = self._rho**2
        width = size * rate + 1
        reach = sqrt(
            spread * self.inflation * 2 * width / (size**2 * rate) * log(sqrt(width) / (1 - self.confidence))
        )
        return self.estimate - reach, self.estimate + reach

    @property
    def _rho(self) -> float:
        alpha = 1 - self.confidence
        return sqrt((-2 * log(alpha) + log(-2 * log(alpha) + 1)) / self.n_star)

    def verdict(self, *, better: Literal["higher", "lower"], margin: float) -> SequenceVerdict:
        """Which side of the ``margin`` the whole interval lies on, at this look and all looks before it.

        ``worse``: the interval lies beyond 0 on the worse side and the estimate is at least ``margin`` off.
        ``not_worse``: the whole interval is better than ``margin`` on the worse side: shown, not merely unrefuted.
        ``open``: neither yet.
        """
        low, high = self.interval
        if better == "lower":
            low, high = -high, -low
        gain = self.estimate if better == "higher" else -self.estimate
        if high < 0 and -gain >= margin:
            return "worse"
        return "not_worse" if low > -margin else "open"


SequenceVerdict = Literal["worse", "not_worse", "open"]
