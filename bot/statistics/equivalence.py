"""Is it back to normal? Shown, not merely unrefuted: "no significant difference" is also what too few cases say.

Not worse by the margin: the one-sided interval lies on the better side of it. As good: the interval lies within the
margin both ways, which is two one-sided tests (Schuirmann 1987, Journal of Pharmacokinetics 15, 657-680).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.statistics.counts import Better, Counts
from bot.statistics.intervals import newcombe


class Equivalence(msgspec.Struct, frozen=True, kw_only=True):
    """``now`` against ``before``: ``effect`` is their difference, ``low`` to ``high`` its interval at 1 - 2 alpha.

    ``as_good`` within ± ``margin``; ``not_worse`` only on the worse side of it; ``worse`` beyond the margin for sure;
    ``open``: more cases are needed.
    """

    verdict: Literal["as_good", "not_worse", "worse", "open"]
    effect: float
    low: float
    high: float
    margin: float
    confidence: float
    n: int

    @property
    def because(self) -> str:
        """One sentence: the difference, its interval, the margin."""
        bounds = (
            f"{self.effect * 100:+.1f} points ({self.low * 100:+.1f} to {self.high * 100:+.1f}, {self.n:,} cases)"
        )
        return {
            "as_good": f"as good as before: {bounds}, within ±{self.margin * 100:g}",
            "not_worse": f"not worse than before by {self.margin * 100:g}: {bounds}",
            "worse": f"worse than before by more than {self.margin * 100:g}: {bounds}",
            "open": f"not shown to be back to normal yet: {bounds}, {self.margin * 100:g} would matter",
        }[self.verdict]


def equivalence(
    before: Counts, now: Counts, *, better: Better, margin: float, confidence: float = 0.95
) -> Equivalence:
    """Compare the rates of two separate samples, by Newcombe's interval. Raises ValueError for a margin of 0 or less.

    Each of the two one-sided claims errs with at most 1 - ``confidence``. Without a case on either side it is open.
    """
    if margin <= 0:
        raise ValueError("a margin is the smallest difference that would matter, more than 0")
    effect, n = now.rate - before.rate, before.n + now.n
    low, high = newcombe(before, now, confidence=2 * confidence - 1) if before.n and now.n else (-1.0, 1.0)
    worst, best = (low, high) if better == "higher" else (-high, -low)
    verdict: Literal["as_good", "not_worse", "worse", "open"] = "open"
    if worst > -margin:
        verdict = "as_good" if best < margin else "not_worse"
    elif best < -margin:
        verdict = "worse"
    return Equivalence(
        verdict=verdict, effect=effect, low=low, high=high, margin=margin, confidence=confidence, n=n
    )  # fmt: skip
