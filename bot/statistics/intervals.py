"""Intervals and p-values for a difference of two rates, as published.

Two separate samples: Newcombe's hybrid of two Wilson score intervals (Newcombe 1998, Statistics in Medicine 17,
873-890, method 10), which keeps its coverage at rates near 0 and 1, with the score test for the p-value.

The same cases twice: the Wald interval after adding one case to each discordant cell (Bonett and Price 2012,
Journal of Educational and Behavioral Statistics 37, 479-488), which Fagerland, Lydersen and Laake (2014,
Statistics in Medicine 33, 2850-2875) recommend; and the exact form of McNemar's test. Only the discordant
pairs carry information about the difference, hence the power of pairing.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from bot.statistics.counts import Counts, PairedCounts

Interval = tuple[float, float]


def newcombe(a: Counts, b: Counts, *, confidence: float) -> Interval:
    """The interval of ``b - a``, cut off at -1 and 1. Both samples must hold at least one case."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        b.successes, b.n, a.successes, a.n, method="newcomb", compare="diff", alpha=1 - confidence
    )
    return max(-1.0, float(low)), min(1.0, float(high))


def score_p(a: Counts, b: Counts) -> float:
    """The two-sided p-value of "both rates are equal". Where nobody or everybody succeeded it is 1."""
    pooled = (a.successes + b.successes) / (a.n + b.n)
    if pooled in (0.0, 1.0):
        return 1.0
    spread = sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
    return 2 * NormalDist().cdf(-abs(b.rate - a.rate) / spread)


def bonett_price(counts: PairedCounts, *, confidence: float) -> Interval:
    """The interval of ``b - a`` over the same cases, cut off at -1 and 1."""
    size = counts.n + 2
    gained = (counts.only_b + 1) / size
    lost = (counts.only_a + 1) / size
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * sqrt((gained + lost - (gained - lost) ** 2) / size)
    return max(-1.0, gained - lost - reach), min(1.0, gained - lost + reach)


def mcnemar_p(counts: PairedCounts) -> float:
    """The exact two-sided p-value of "as many were lost as gained". Without discordant pairs it is 1."""
    from scipy.stats import binomtest  # as statsmodels computes it, without loading statsmodels and pandas first

    discordant = counts.only_a + counts.only_b
    return min(1.0, float(binomtest(counts.only_a, discordant).pvalue)) if discordant else 1.0
