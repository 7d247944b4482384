"""How many samples would settle what is undecided, if things stay as they were seen so far."""

from __future__ import annotations

from math import ceil

from bot.statistics.counts import ComparisonVerdict
from bot.statistics.rule import Rule
from bot.statistics.samples import Sample

#: beyond this many samples a side, "collect more" is no advice
MOST_SAMPLES = 10_000_000


def needed(sample: Sample, rule: Rule, verdict: ComparisonVerdict) -> int | None:
    """The samples a side, those seen included, that would decide the matter; found by trying larger copies.

    With ``no_data`` it is the minimum. None where it is decided, or where no realistic number would do: an effect
    that is about as large as the smallest that matters.
    """
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


def _settles(sample: Sample, rule: Rule) -> bool:
    return rule.verdict(sample.effect, sample.interval(rule.confidence)) != "inconclusive"
