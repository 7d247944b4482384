"""The intervals against the examples of the papers they come from, and against their own promises."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar

from bot.statistics import Counts, PairedCounts, SliceCounts, paired, two_proportions
from bot.statistics.intervals import bonett_price, mcnemar_p, newcombe, score_p

#: Newcombe (1998), table II, method 10: successes and n of both samples, and the published interval
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_two_samples_give_the_published_interval(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    a, b = Counts(successes=second[0], n=second[1]), Counts(successes=first[0], n=first[1])
    assert newcombe(a, b, confidence=0.95) == pytest.approx((low, high), abs=5e-5)


def test_pairs_give_the_published_interval_and_p_value() -> None:
    # Bentur et al. (2009), as worked through by Fagerland, Lydersen and Laake (2014)
    airway = PairedCounts(both=1, only_a=1, only_b=7, neither=12)
    assert bonett_price(airway, confidence=0.95) == pytest.approx((0.013, 0.508), abs=5e-4)
    assert mcnemar_p(airway) == pytest.approx(0.0703, abs=5e-5)
    # Cavo et al. (2012)
    response = PairedCounts(both=59, only_a=6, only_b=16, neither=80)
    assert mcnemar_p(response) == pytest.approx(0.0525, abs=5e-5)


@pytest.mark.parametrize(("only_a", "only_b"), [(0, 0), (0, 1), (5, 5), (12, 30), (400, 470), (30_000, 30_500)])
def test_the_exact_p_value_is_that_of_statsmodels(only_a: int, only_b: int) -> None:
    pairs = PairedCounts(both=9, only_a=only_a, only_b=only_b, neither=4)
    theirs = mcnemar([[9, only_a], [only_b, 4]], exact=True).pvalue
    assert mcnemar_p(pairs) == pytest.approx(min(1.0, theirs))


counts = st.integers(1, 400).flatmap(lambda n: st.builds(Counts, n=st.just(n), successes=st.integers(0, n)))
cells = st.integers(0, 300)
pairs = st.builds(PairedCounts, both=cells, only_a=cells, only_b=cells, neither=cells)


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_exchanging_the_versions_turns_the_interval_round(a: Counts, b: Counts) -> None:
    low, high = newcombe(a, b, confidence=0.95)
    assert newcombe(b, a, confidence=0.95) == pytest.approx((-high, -low))
    assert score_p(a, b) == pytest.approx(score_p(b, a))
    assert -1 <= low <= b.rate - a.rate <= high <= 1


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_exchanging_the_versions_turns_the_paired_interval_round(pair: PairedCounts) -> None:
    turned = PairedCounts(both=pair.both, only_a=pair.only_b, only_b=pair.only_a, neither=pair.neither)
    low, high = bonett_price(pair, confidence=0.95)
    assert bonett_price(turned, confidence=0.95) == pytest.approx((-high, -low))
    assert 0 <= mcnemar_p(pair) == pytest.approx(mcnemar_p(turned))


@settings(max_examples=40, deadline=None)
@given(counts, counts)
def test_what_is_bad_one_way_is_never_bad_the_other_way(a: Counts, b: Counts) -> None:
    verdicts = [
        two_proportions(a, b, better=better, min_effect=0.02, min_positives=1).verdict
        for better in ("higher", "lower")
    ]
    assert verdicts.count("bad") <= 1
    assert (verdicts[0] == "inconclusive") <= (verdicts[1] != "bad")


def test_the_intervals_hold_the_truth_about_as_often_as_they_promise() -> None:
    random = np.random.default_rng(41)
    true_a, true_b, n, rounds = 0.84, 0.78, 300, 1500
    separate = together = 0
    cells = [0.74, 0.10, 0.04, 0.12]  # both, only a, only b, neither: the same two rates
    for _ in range(rounds):
        a, b = (int(random.binomial(n, rate)) for rate in (true_a, true_b))
        low, high = newcombe(Counts(n=n, successes=a), Counts(n=n, successes=b), confidence=0.95)
        separate += low <= true_b - true_a <= high
        both, only_a, only_b, neither = (int(cell) for cell in random.multinomial(n, cells))
        drawn = PairedCounts(both=both, only_a=only_a, only_b=only_b, neither=neither)
        low, high = bonett_price(drawn, confidence=0.95)
        together += low <= true_b - true_a <= high
    assert 0.935 <= separate / rounds <= 0.97
    assert 0.935 <= together / rounds <= 0.97


def test_twelve_slices_without_a_change_seldom_blame_one() -> None:
    random = np.random.default_rng(12)
    rounds, blamed = 200, {True: 0, False: 0}
    cells = [0.60, 0.07, 0.07, 0.26]
    for _ in range(rounds):
        table = random.multinomial(400, cells, size=12)
        slices = [
            SliceCounts(
                by="region",
                value=str(number),
                paired=PairedCounts(both=int(r[0]), only_a=int(r[1]), only_b=int(r[2]), neither=int(r[3])),
            )
            for number, r in enumerate(table)
        ]
        everything = PairedCounts(both=2880, only_a=336, only_b=336, neither=1248)
        for holm in blamed:
            found = paired(everything, better="higher", min_effect=0.0, slices=slices, holm=holm)
            blamed[holm] += any(result.high < 0 or result.low > 0 for result in found.slices)
    assert blamed[True] / rounds <= 0.08
    assert blamed[False] / rounds >= 0.30


def test_importing_the_package_loads_neither_scipy_nor_statsmodels() -> None:
    program = "import sys, bot.statistics; print([m for m in ('scipy', 'statsmodels', 'numpy') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
