"""Drift: what small samples invent, what large ones find and nobody needs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance

from bot.statistics.drift import chi_square, ks, psi, psi_of_counts, wasserstein

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize(("n", "share", "within"), [(100, 0.42, 0.08), (200, 0.02, 0.02), (500, 0.0, 0.001)])
def test_the_stability_index_invents_drift_in_small_samples(n: int, share: float, within: float) -> None:
    found = [psi(RANDOM.normal(size=n), RANDOM.normal(size=n)) for _ in range(400)]
    assert np.mean([one.value > 0.2 for one in found]) == pytest.approx(share, abs=within)
    assert {one.verdict for one in found} == ({"no_data"} if n < 500 else {"ok"})


def test_with_many_rows_a_shift_that_does_not_matter_is_found_and_is_ok() -> None:
    before, after = RANDOM.normal(size=100_000), RANDOM.normal(0.02, 1.0, size=100_000)
    found = ks(before, after)
    assert found.p is not None
    assert found.p < 0.01
    assert found.verdict == "ok"
    index = psi(before, after)
    assert (index.value < 0.001, index.verdict) == (True, "ok")


@pytest.mark.parametrize("method", ["psi", "ks", "wasserstein"])
def test_a_shift_of_a_standard_deviation_is_bad(method: str) -> None:
    before, after = RANDOM.normal(size=1000), RANDOM.normal(1.0, 1.0, size=800)
    found = {"psi": psi, "ks": ks, "wasserstein": lambda a, b: wasserstein(a, b, seed=1)}[method](before, after)
    assert (found.verdict, found.n) == ("bad", 800)


def test_the_index_is_the_sum_over_bins() -> None:
    # shares .5 and .5 against .8 and .2: .3 ln 1.6 - .3 ln .4
    assert psi_of_counts([500, 500], [800, 200]).value == pytest.approx(0.3 * np.log(1.6) - 0.3 * np.log(0.4))
    assert psi_of_counts([1000, 0], [500, 500]).verdict == "bad"
    assert psi([5.0] * 600, [5.0] * 600).value == 0.0
    assert psi([], [1.0]).verdict == "no_data"


def test_distances_are_those_of_scipy() -> None:
    before, after = RANDOM.gamma(2.0, size=300), RANDOM.gamma(2.4, size=200)
    assert ks(before, after).value == pytest.approx(ks_2samp(before, after).statistic)
    moved = wasserstein_distance(before, after) / before.std()
    assert wasserstein(before, after, seed=1).value == pytest.approx(moved)


def test_shuffling_finds_as_many_false_distances_as_promised() -> None:
    p_values = [
        wasserstein(RANDOM.normal(size=100), RANDOM.normal(size=100), seed=n, rounds=99).p or 0.0 for n in range(200)
    ]
    assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.04)


def test_categories_are_held_together_where_they_are_rare() -> None:
    before, after = [400, 500, 90, 3, 2], [300, 600, 80, 1, 1]
    expected = chi2_contingency([[400, 500, 90 + 5], [300, 600, 80 + 2]], correction=False)
    assert chi_square([400, 500, 95], [300, 600, 82]).p == pytest.approx(expected.pvalue)
    assert chi_square(before, after).value == pytest.approx(chi_square(before, after[:]).value)
    assert chi_square([500, 500], [800, 200]).verdict == "bad"
    assert chi_square([500, 0], [800, 0]).verdict == "ok"
    assert chi_square([5, 5], [9, 1]).verdict == "no_data"


def test_what_may_be_chance_is_not_told_apart() -> None:
    found = ks(RANDOM.normal(size=100), RANDOM.normal(0.2, 1.0, size=100), min_effect=0.01)
    assert found.p is not None
    assert found.verdict == ("bad" if found.p < 0.05 else "inconclusive")
    assert ks(range(200), [*range(20, 200), *range(20)], min_effect=0.0).verdict == "inconclusive"


def test_a_value_that_fills_several_bins_has_one_of_its_own() -> None:
    mostly_nothing = [0.0] * 950 + [5.0] * 50
    assert psi(mostly_nothing, mostly_nothing).value == 0.0
    assert psi(mostly_nothing, [0.0] * 400 + [5.0] * 600).verdict == "bad"


def test_a_constant_that_moved_is_a_drift() -> None:
    assert psi([5.0] * 600, [7.0] * 600).verdict == "bad"
    assert wasserstein([1.0] * 200, [1.0] * 200, seed=1).verdict == "ok"
    assert wasserstein([1.0] * 200, [2.0] * 200, seed=1).verdict == "bad"


def test_counts_that_cannot_be_are_refused() -> None:
    for wrong in ([-1, 5], [1, 2, 3]):
        with pytest.raises(ValueError, match=r"counts, none negative, of the same"):
            psi_of_counts([1, 2], wrong)
