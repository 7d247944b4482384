"""What counts as worse, and from when on it matters: the verdict of an interval."""

from __future__ import annotations

from dataclasses import dataclass

from bot.statistics.counts import Better, ComparisonVerdict
from bot.statistics.intervals import Interval

#: rates are quotients of integers: differences that are equal on paper differ in the last digits
ROUNDING = 1e-12


@dataclass(frozen=True)
class Rule:
    """Raises ValueError for a negative ``min_effect`` and a ``confidence`` that is no share."""

    better: Better
    min_effect: float
    confidence: float
    min_positives: int

    def __post_init__(self) -> None:
        if self.min_effect < 0 or not 0 < self.confidence < 1:
            raise ValueError("min_effect must not be negative, and confidence lies between 0 and 1")

    def verdict(self, effect: float, interval: Interval) -> ComparisonVerdict:
        """``bad``: the interval excludes 0 on the worse side and the effect is at least ``min_effect``.

        ``ok``: the whole interval lies within ± ``min_effect``, or entirely on the better side. Else
        ``inconclusive``.
        """
        low, high = interval if self.better == "higher" else (-interval[1], -interval[0])
        gain = effect if self.better == "higher" else -effect
        if high < 0 and -gain >= self.min_effect - ROUNDING:
            return "bad"
        if low > 0 or (low >= -self.min_effect and high <= self.min_effect):
            return "ok"
        return "inconclusive"
