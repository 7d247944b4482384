"""Trends and jumps of series whose neighbours are alike: how often a quiet series raises a false alarm."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from scipy.stats import ttest_ind

from bot.statistics.series import block_bootstrap, effective_n, jump, placebo, trend
from tests.unit.statistics.draws import autoregression

SERIES = 300


@pytest.mark.parametrize(("rho", "naive"), [(0.0, 0.05), (0.5, 0.26), (0.8, 0.53)])
def test_a_quiet_series_seldom_jumps_by_blocks_however_much_it_repeats_itself(rho: float, naive: float) -> None:
    drawn = autoregression(rho, series=2000, n=192, seed=8)
    p_values = ttest_ind(drawn[:, :96], drawn[:, 96:], axis=1).pvalue
    assert float((p_values < 0.05).mean()) == pytest.approx(naive, abs=0.04)
    found = [block_bootstrap(one[:96], one[96:], seed=n, rounds=200) for n, one in enumerate(drawn[:1000])]
    assert 0.03 <= np.mean([one.direction != 0 for one in found]) <= 0.075


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_a_quiet_series_seldom_jumps_by_placebo_dates(rho: float) -> None:
    drawn = autoregression(rho, series=SERIES, n=1012, seed=9)
    alarms = [placebo(one, 1000).direction for one in drawn]
    assert 0.01 <= np.count_nonzero(alarms) / SERIES <= 0.085


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("n", [48, 96])
def test_a_quiet_series_seldom_has_a_trend(rho: float, n: int) -> None:
    drawn = autoregression(rho, series=SERIES, n=n, seed=10)
    alarms = [trend(np.arange(n) * 300.0, one).direction for one in drawn]
    assert np.count_nonzero(alarms) / SERIES <= 0.085


@pytest.mark.parametrize(("rho", "worth"), [(0.0, 192), (0.5, 64), (0.8, 21)])
def test_the_more_a_series_repeats_itself_the_less_it_is_worth(rho: float, worth: float) -> None:
    drawn = autoregression(rho, series=100, n=192, seed=11)
    assert np.median([effective_n(one) for one in drawn]) == pytest.approx(worth, rel=0.12)


def test_a_real_jump_is_found_by_both_ways_with_its_size() -> None:
    drawn = autoregression(0.5, series=1, n=1024, seed=12)[0]
    drawn[1000:] += 3.0
    for found in (placebo(drawn, 1000), block_bootstrap(drawn[900:1000], drawn[1000:], seed=1)):
        assert found.direction == 1
        assert found.low < 3.0 < found.high
        assert found.p < 0.05
        assert found.effective_n < found.n


def test_the_way_is_chosen_by_the_length_of_the_history() -> None:
    drawn = autoregression(0.5, series=1, n=1024, seed=13)[0]
    assert jump(drawn, 1012, seed=1).method == "placebo"
    assert jump(drawn, 900, seed=1).method == "block_bootstrap"
    assert jump(drawn, 1020, seed=1).method == "placebo"
    short = jump(drawn[:10], 5, seed=1)
    assert (short.method, short.direction, short.p, short.low) == ("too_short", 0, 1.0, -inf)


def test_the_same_seed_draws_the_same_jump() -> None:
    drawn = autoregression(0.5, series=1, n=200, seed=14)[0]
    assert block_bootstrap(drawn[:100], drawn[100:], seed=3) == block_bootstrap(drawn[:100], drawn[100:], seed=3)


def test_few_placebo_dates_never_make_a_small_p_value() -> None:
    drawn = autoregression(0.0, series=1, n=60, seed=15)[0]
    drawn[50:] += 50.0
    found = placebo(drawn, 50, window=10)
    assert found.p == pytest.approx(1 / 3)
    assert found.direction == 0


def test_a_slope_is_told_in_units_an_hour() -> None:
    times = np.arange(97) * 900.0
    falling = 0.84 - 0.002 * times / 3600 + autoregression(0.5, series=1, n=97, seed=16)[0] * 0.001
    found = trend(times, falling)
    assert found.slope_per_hour == pytest.approx(-0.002, abs=1e-4)
    assert found.direction == -1
    assert (found.n, found.effective_n < 60) == (97, True)


def test_gaps_are_left_out_and_a_flat_or_short_series_has_no_trend() -> None:
    values = [1.0, 2.0, nan, 4.0, 5.0, 6.0, inf, 8.0, 9.0, 10.0]
    found = trend([60.0 * n for n in range(10)], values)
    assert found.slope_per_hour == pytest.approx(60.0)
    assert (found.n, found.direction) == (8, 1)
    assert trend(range(7), range(7)).direction == 0
    assert trend([5.0] * 20, range(20)).low == -inf
    assert trend(range(20), [3.0] * 20).direction == 0
    assert effective_n([]) == 0.0
    with pytest.raises(ValueError, match="as many times as values"):
        trend([1, 2], [1])
    with pytest.raises(ValueError, match="outside the series"):
        jump([1.0, 2.0], 3, seed=1)
