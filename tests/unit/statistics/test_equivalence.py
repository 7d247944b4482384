"""Back to normal: shown by an interval within the margin."""

from __future__ import annotations

import pytest

from bot.statistics import Counts
from bot.statistics.equivalence import equivalence

BEFORE = Counts(n=20_000, successes=16_800)


@pytest.mark.parametrize(
    ("n", "rate", "verdict"),
    [(50_000, 0.84, "as_good"), (200, 0.84, "open"), (2000, 0.88, "not_worse"), (5000, 0.78, "worse")],
)
def test_few_cases_show_nothing_and_many_show_what_is(n: int, rate: float, verdict: str) -> None:
    found = equivalence(BEFORE, Counts(n=n, successes=round(n * rate)), better="higher", margin=0.02)
    assert found.verdict == verdict
    assert f"{20_000 + n:,} cases" in found.because


def test_for_an_error_rate_the_margin_is_on_the_other_side() -> None:
    few, more = Counts(n=20_000, successes=200), Counts(n=20_000, successes=1000)
    assert equivalence(few, more, better="lower", margin=0.02).verdict == "worse"
    assert equivalence(more, few, better="lower", margin=0.02).verdict == "not_worse"


def test_nothing_seen_is_open_and_no_margin_is_no_question() -> None:
    assert equivalence(BEFORE, Counts(n=0, successes=0), better="higher", margin=0.02).verdict == "open"
    with pytest.raises(ValueError, match="margin"):
        equivalence(BEFORE, BEFORE, better="higher", margin=0.0)
