"""Is the running version worse than the one we would go back to? Both, the interval and the size, must say so.

``bad``: the interval excludes 0 on the worse side and the effect is at least ``min_effect``. ``ok``: the whole
interval lies within ± ``min_effect``, or entirely on the better side. ``no_data``: fewer positives than
``min_positives``. Everything else is ``inconclusive``: a person decides, told how many samples would settle it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from bot.statistics.counts import (
    Better,
    CompareRequest,
    Comparison,
    ComparisonVerdict,
    Counts,
    PairedCounts,
    SliceComparison,
    SliceCounts,
    Test,
)
from bot.statistics.intervals import Interval
from bot.statistics.samples import Pairs, Sample, Separate, sample_of

#: rates are quotients of integers: differences that are equal on paper differ in the last digits
ROUNDING = 1e-12
#: beyond this many samples a side, "collect more" is no advice
MOST_SAMPLES = 10_000_000


@dataclass(frozen=True)
class _Rule:
    """What counts as worse, and from when on it matters."""

    better: Better
    min_effect: float
    confidence: float
    min_positives: int

    def verdict(self, effect: float, interval: Interval) -> ComparisonVerdict:
        """The verdict of an interval; the module's docstring says which."""
        low, high = interval if self.better == "higher" else (-interval[1], -interval[0])
        gain = effect if self.better == "higher" else -effect
        if high < 0 and -gain >= self.min_effect - ROUNDING:
            return "bad"
        if low > 0 or (low >= -self.min_effect and high <= self.min_effect):
            return "ok"
        return "inconclusive"


def two_proportions(
    a: Counts,
    b: Counts,
    *,
    better: Better,
    min_effect: float,
    confidence: float = 0.95,
    min_positives: int = 100,
    slices: Sequence[SliceCounts] = (),
    holm: bool = True,
) -> Comparison:
    """Compare the rates of two separate samples: Newcombe's interval, the score test's p-value."""
    rule = _rule(better, min_effect, confidence, min_positives)
    return _compare(Separate(a, b), rule, "two_proportions", slices, holm)


def paired(
    counts: PairedCounts,
    *,
    better: Better,
    min_effect: float,
    confidence: float = 0.95,
    min_positives: int = 100,
    slices: Sequence[SliceCounts] = (),
    holm: bool = True,
) -> Comparison:
    """Compare two versions on the same cases: Bonett and Price's interval, McNemar's exact p-value."""
    rule = _rule(better, min_effect, confidence, min_positives)
    return _compare(Pairs(counts), rule, "paired", slices, holm)


def compare_request(request: CompareRequest) -> Comparison:
    """Carry out ``request``. Raises ValueError where the counts that its test needs are missing."""
    sample = sample_of(request.test, paired=request.paired, a=request.a, b=request.b)
    rule = _rule(request.better, request.min_effect, request.confidence, request.min_positives)
    return _compare(sample, rule, request.test, request.slices, request.correct == "holm")


def _rule(better: Better, min_effect: float, confidence: float, min_positives: int) -> _Rule:
    if min_effect < 0 or not 0 < confidence < 1:
        raise ValueError("min_effect must not be negative, and confidence lies between 0 and 1")
    return _Rule(better, min_effect, confidence, max(1, min_positives))


def _compare(sample: Sample, rule: _Rule, test: Test, slices: Sequence[SliceCounts], holm: bool) -> Comparison:
    effect = sample.b.rate - sample.a.rate
    enough = sample.positives >= rule.min_positives
    interval = sample.interval(rule.confidence) if sample.positives else (-1.0, 1.0)
    verdict = rule.verdict(effect, interval) if enough else "no_data"
    judged = _judge_slices([(s, sample_of(test, paired=s.paired, a=s.a, b=s.b)) for s in slices], rule, holm)
    return Comparison(
        verdict=verdict,
        effect=effect,
        low=interval[0],
        high=interval[1],
        n=sample.n,
        positives=sample.positives,
        a_rate=sample.a.rate,
        b_rate=sample.b.rate,
        p_value=sample.p_value() if sample.positives else 1.0,
        needed_n=_needed(sample, rule, verdict),
        test=test,
        confidence=rule.confidence,
        slices=judged,
        worst=_worst(judged, rule.better),
    )


def _judge_slices(
    slices: Sequence[tuple[SliceCounts, Sample]], rule: _Rule, holm: bool
) -> tuple[SliceComparison, ...]:
    """Holm's step-down on the intervals: the clearest of m slices is judged at 1 - alpha/m, the next at
    1 - alpha/(m-1), and so on until one cannot be told from 0; the rest are judged as strictly as that one.
    Slices with too few positives are not part of the family: no claim is made about them.
    """
    alpha = 1 - rule.confidence
    results = {id(cut): _slice(cut, sample, rule, None) for cut, sample in slices}
    measured = [pair for pair in slices if pair[1].positives >= rule.min_positives]
    measured.sort(key=lambda pair: pair[1].p_value())
    left = len(measured)
    for cut, sample in measured:
        result = _slice(cut, sample, rule, 1 - alpha / left if holm else rule.confidence)
        results[id(cut)] = result
        if result.low > 0 or result.high < 0:
            left -= 1
    return tuple(results[id(cut)] for cut, _ in slices)


def _slice(cut: SliceCounts, sample: Sample, rule: _Rule, confidence: float | None) -> SliceComparison:
    """Judge one slice at ``confidence``; None says that it holds too few positives to be judged."""
    effect = sample.b.rate - sample.a.rate
    level = confidence or rule.confidence
    interval = sample.interval(level) if sample.positives else (-1.0, 1.0)
    return SliceComparison(
        by=cut.by,
        value=cut.value,
        verdict="no_data" if confidence is None else rule.verdict(effect, interval),
        effect=effect,
        low=interval[0],
        high=interval[1],
        n=sample.n,
        a_rate=sample.a.rate,
        b_rate=sample.b.rate,
        p_value=sample.p_value() if sample.positives else 1.0,
        confidence=level,
    )


def _worst(slices: Sequence[SliceComparison], better: Better) -> SliceComparison | None:
    sign = 1 if better == "higher" else -1
    return min((cut for cut in slices if cut.verdict == "bad"), key=lambda cut: sign * cut.effect, default=None)


def _needed(sample: Sample, rule: _Rule, verdict: ComparisonVerdict) -> int | None:
    """The samples a side that would decide the matter at the rates seen so far, found by trying."""
    if verdict == "no_data":
        return rule.min_positives
    if verdict != "inconclusive":
        return None
    too_few, enough = sample.positives, sample.positives * 2
    while not _settles(sample.grown(enough), rule):
        too_few, enough = enough, enough * 2
        if enough > MOST_SAMPLES:
            return None
    while enough - too_few > max(1, ceil(enough * 0.01)):
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if _settles(sample.grown(middle), rule) else (middle, enough)
    return enough


def _settles(sample: Sample, rule: _Rule) -> bool:
    return rule.verdict(sample.b.rate - sample.a.rate, sample.interval(rule.confidence)) != "inconclusive"
