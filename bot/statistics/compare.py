"""Is the running version worse than the one we would go back to? Both, the interval and the size, must say so.

``bad``: the interval excludes 0 on the worse side and the effect is at least ``min_effect``. ``ok``: the whole
interval lies within ± ``min_effect``, or entirely on the better side. ``no_data``: fewer positives than
``min_positives``. Everything else is ``inconclusive``: a person decides, told how many samples would settle it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.statistics.counts import (
    Better,
    CompareRequest,
    Comparison,
    Correction,
    Counts,
    PairedCounts,
    SliceCounts,
    Test,
)
from bot.statistics.power import needed
from bot.statistics.rule import Rule
from bot.statistics.samples import Pairs, Sample, Separate, nothing, sample_of
from bot.statistics.slices import Cut, judge_slices, worst_of


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
    rule = Rule(better, min_effect, confidence, min_positives)
    return compare(Separate(a, b), rule, "two_proportions", _cuts(slices, "two_proportions"), _correction(holm))


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
    rule = Rule(better, min_effect, confidence, min_positives)
    return compare(Pairs(counts), rule, "paired", _cuts(slices, "paired"), _correction(holm))


def compare_request(request: CompareRequest) -> Comparison:
    """Carry out ``request``. Raises ValueError where the counts that its test needs are missing."""
    sample = sample_of(request.test, paired=request.paired, a=request.a, b=request.b, seed=request.seed)
    rule = Rule(request.better, request.min_effect, request.confidence, request.min_positives)
    cuts = _cuts(request.slices, request.test, seed=request.seed)
    return compare(sample, rule, request.test, cuts, request.correct)


def compare(sample: Sample, rule: Rule, test: Test, cuts: Sequence[Cut], correct: Correction) -> Comparison:
    """The verdict on ``sample`` and, apart from it, on each of ``cuts``."""
    enough = sample.positives >= max(1, rule.min_positives)
    interval = sample.interval(rule.confidence) if sample.positives else nothing(sample)
    verdict = rule.verdict(sample.effect, interval) if enough else "no_data"
    judged = judge_slices(cuts, rule, correct)
    return Comparison(
        verdict=verdict,
        effect=sample.effect,
        low=interval[0],
        high=interval[1],
        n=sample.n,
        positives=sample.positives,
        a_rate=sample.a_rate,
        b_rate=sample.b_rate,
        p_value=sample.p_value() if sample.positives else 1.0,
        needed_n=needed(sample, rule, verdict),
        test=test,
        confidence=rule.confidence,
        slices=judged,
        worst=worst_of(judged, rule.better),
        rates=sample.rates,
        a_n=sample.sizes.a,
        b_n=sample.sizes.b,
        clusters=sample.sizes.clusters,
    )


def _cuts(slices: Sequence[SliceCounts], test: Test, *, seed: int = 0) -> list[Cut]:
    return [Cut(s.by, s.value, sample_of(test, paired=s.paired, a=s.a, b=s.b, seed=seed)) for s in slices]


def _correction(holm: bool) -> Correction:
    return "holm" if holm else "none"
