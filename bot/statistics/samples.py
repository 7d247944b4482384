"""What was counted, separately or in pairs, behind one face: rates, an interval, a p-value, a larger copy."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Protocol

from bot.statistics.counts import Counts, PairedCounts, Test
from bot.statistics.estimated import Sizes
from bot.statistics.intervals import Interval, bonett_price, mcnemar_p, newcombe, score_p


class Sample(Protocol):
    """What a verdict is made from. ``effect`` is b - a; ``rates`` says that it is a difference of shares."""

    @property
    def rates(self) -> bool:
        """Whether both sides are shares between 0 and 1."""
        ...

    @property
    def a_rate(self) -> float:
        """The target's rate, mean, median or quantile."""
        ...

    @property
    def b_rate(self) -> float:
        """The running version's."""
        ...

    @property
    def effect(self) -> float:
        """How much the running version has more."""
        ...

    @property
    def sizes(self) -> Sizes:
        """Of both sides."""
        ...

    @property
    def n(self) -> int:
        """All cases that were read."""
        ...

    @property
    def positives(self) -> int:
        """The smaller side: the number that has to reach the minimum."""
        ...

    def interval(self, confidence: float) -> Interval:
        """Of ``effect``; there is at least one positive."""
        ...

    def p_value(self) -> float:
        """Of "no effect", two-sided; there is at least one positive."""
        ...

    def grown(self, positives: int) -> Sample:
        """The same finding with ``positives`` on the smaller side."""
        ...


def nothing(sample: Sample) -> Interval:
    """The interval of a sample without a positive: everything that is possible."""
    return (-1.0, 1.0) if sample.rates else (-inf, inf)


@dataclass(frozen=True)
class Separate:
    """Two samples without a case in common."""

    a: Counts
    b: Counts
    rates: ClassVar[bool] = True

    @property
    def a_rate(self) -> float:
        """The target's share of successes."""
        return self.a.rate

    @property
    def b_rate(self) -> float:
        """The running version's share of successes."""
        return self.b.rate

    @property
    def effect(self) -> float:
        """The difference of both."""
        return self.b.rate - self.a.rate

    @property
    def sizes(self) -> Sizes:
        """Of both samples."""
        return Sizes(self.a.n, self.b.n, paired=False)

    @property
    def positives(self) -> int:
        """The smaller side: the number that has to reach the minimum."""
        return min(self.a.n, self.b.n)

    @property
    def n(self) -> int:
        """All cases that were read."""
        return self.a.n + self.b.n

    def interval(self, confidence: float) -> Interval:
        """Newcombe's, of ``b - a``."""
        return newcombe(self.a, self.b, confidence=confidence)

    def p_value(self) -> float:
        """Of the score test."""
        return score_p(self.a, self.b)

    def grown(self, positives: int) -> Separate:
        """The same rates with ``positives`` on the smaller side."""
        scale = positives / self.positives
        return Separate(_scaled(self.a, scale), _scaled(self.b, scale))


@dataclass(frozen=True)
class Pairs:
    """The same cases, judged by both versions."""

    counts: PairedCounts
    rates: ClassVar[bool] = True

    @property
    def a_rate(self) -> float:
        """The share that the target got right."""
        return self.counts.a.rate

    @property
    def b_rate(self) -> float:
        """The share that the running version got right."""
        return self.counts.b.rate

    @property
    def effect(self) -> float:
        """The difference of both."""
        return self.b_rate - self.a_rate

    @property
    def sizes(self) -> Sizes:
        """The pairs, twice."""
        return Sizes(self.counts.n, self.counts.n, paired=True)

    @property
    def positives(self) -> int:
        """Pairs: the number that has to reach the minimum."""
        return self.counts.n

    @property
    def n(self) -> int:
        """All cases that were read."""
        return self.counts.n

    def interval(self, confidence: float) -> Interval:
        """Bonett and Price's, of ``b - a``."""
        return bonett_price(self.counts, confidence=confidence)

    def p_value(self) -> float:
        """Of McNemar's exact test."""
        return mcnemar_p(self.counts)

    def grown(self, positives: int) -> Pairs:
        """The same shares with ``positives`` pairs."""
        scale = positives / self.counts.n
        only_a, only_b = round(self.counts.only_a * scale), round(self.counts.only_b * scale)
        both = round(self.counts.both * scale)
        neither = max(0, positives - only_a - only_b - both)
        return Pairs(PairedCounts(both=both, only_a=only_a, only_b=only_b, neither=neither))


def sample_of(
    test: Test, *, paired: PairedCounts | None, a: Counts | None, b: Counts | None, seed: int = 0
) -> Sample:
    """The sample that ``test`` reads, of counts. Raises ValueError where its counts are missing."""
    if test == "mann_whitney":
        raise ValueError("the Mann-Whitney test needs rows with values; counts do not say which is larger")
    if test == "bootstrap":
        from bot.statistics.drawn import drawn_of_counts

        return drawn_of_counts(paired=paired, a=a, b=b, seed=seed)
    if test == "paired":
        if paired is None:
            raise ValueError("the paired test needs how many cases both, one or no version got right")
        return Pairs(paired)
    if a is None or b is None:
        raise ValueError("the test of two proportions needs n and successes of both versions")
    return Separate(a, b)


def _scaled(counts: Counts, scale: float) -> Counts:
    n = round(counts.n * scale)
    return Counts(n=n, successes=min(n, round(counts.successes * scale)))
