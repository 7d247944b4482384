"""What the kinds of comparison find, and how often they are wrong: the figures that speak for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bot.statistics import Counts, PairedCounts, paired, two_proportions
from bot.statistics.intervals import mcnemar_p
from bot.statistics.rule import Rule
from bot.statistics.samples import Pairs
from bot.statistics.slices import Cut, judge_slices
from tests.unit.statistics.draws import Floats, compared, table


def test_pairs_find_a_loss_of_two_points_that_separate_samples_of_the_same_size_do_not() -> None:
    random = np.random.default_rng(4)
    cells = [0.85885, 0.03115, 0.00965, 0.10035]  # 3.5 % of what was right turns wrong; -2.15 points in all
    found = {"together": 0, "apart": 0}
    for both, only_a, only_b, neither in random.multinomial(1000, cells, size=300).tolist():
        counts = PairedCounts(both=both, only_a=only_a, only_b=only_b, neither=neither)
        found["together"] += paired(counts, better="higher", min_effect=0.0).p_value < 0.05
        found["apart"] += two_proportions(counts.a, counts.b, better="higher", min_effect=0.0).p_value < 0.05
    assert found["together"] / 300 == pytest.approx(0.90, abs=0.06)
    assert found["apart"] / 300 == pytest.approx(0.16, abs=0.06)


def latencies(random: np.random.Generator, n: int, slow: float) -> Floats:
    """Log-normal, a share of them six times slower."""
    return random.lognormal(4.6, 0.5, n) * np.where(random.random(n) < slow, 6.0, 1.0)


def test_a_slow_tail_is_seen_by_the_p99_and_less_by_ranks() -> None:
    random = np.random.default_rng(6)
    seen = {"mann_whitney": 0, "p99": 0, "quiet": 0}
    for number in range(60):
        before, after = latencies(random, 3000, 0.0), latencies(random, 3000, 0.03)
        rows, quiet = table(a=before, b=after), table(a=before, b=latencies(random, 3000, 0.0))
        asked = {"better": "lower", "min_effect": 0.0, "seed": number}
        seen["mann_whitney"] += compared(rows, test="mann_whitney", **asked).verdict == "bad"
        seen["p99"] += compared(rows, test="bootstrap", statistic="p99", **asked).verdict == "bad"
        low_high = compared(quiet, test="bootstrap", statistic="p99", **asked)
        seen["quiet"] += low_high.low > 0 or low_high.high < 0
    assert seen["p99"] / 60 == 1.0
    assert 0.2 <= seen["mann_whitney"] / 60 <= 0.9
    assert seen["quiet"] / 60 <= 0.12


@pytest.mark.parametrize(("correct", "share"), [("none", 0.45), ("holm", 0.049), ("bh", 0.049)])
def test_twelve_quiet_slices_blame_one_in_as_many_comparisons_as_promised(correct: str, share: float) -> None:
    random = np.random.default_rng(12)
    rule = Rule("higher", 0.0, 0.95, 100)
    blamed = 0
    for day in random.multinomial(1000, [0.60, 0.10, 0.10, 0.20], size=(300, 12)).tolist():
        cuts = [
            Cut("region", str(number), Pairs(PairedCounts(both=both, only_a=a, only_b=b, neither=neither)))
            for number, (both, a, b, neither) in enumerate(day)
        ]
        blamed += any(cut.low > 0 or cut.high < 0 for cut in judge_slices(cuts, rule, correct))  # type: ignore[arg-type]
    assert blamed / 300 == pytest.approx(share, abs=0.06)


def test_holm_s_and_benjamini_and_hochberg_s_levels_are_those_of_the_books() -> None:
    def cut(only_a: int) -> Cut:
        return Cut("r", str(only_a), Pairs(PairedCounts(both=800, only_a=only_a, only_b=20, neither=180 - only_a)))

    losses = [20, 60, 21, 55, 22]
    rule = Rule("higher", 0.0, 0.95, 100)
    holm = judge_slices([cut(loss) for loss in losses], rule, "holm")
    assert [round(1 - one.confidence, 6) for one in holm] == [0.016667, 0.01, 0.016667, 0.0125, 0.016667]
    hochberg = judge_slices([cut(loss) for loss in losses], rule, "bh")
    assert {round(1 - one.confidence, 6) for one in hochberg} == {0.02}  # two of five are found: 2 * 0.05 / 5
    assert [one.value for one in hochberg if one.verdict == "bad"] == ["60", "55"]


def clustered(random: np.random.Generator, users: int, each: int) -> dict[str, Any]:
    """Users who differ in how often either version is right for them, but not on average."""
    user = np.repeat(np.arange(users), each)
    right = [np.repeat(random.beta(2, 2, users), each) for _ in "ab"]
    n = users * each
    return {"a": 1.0 * (random.random(n) < right[0]), "b": 1.0 * (random.random(n) < right[1]), "user": user}


@pytest.mark.parametrize("test", ["paired", "two_proportions", "mann_whitney"])
def test_rows_of_the_same_users_cry_wolf_unless_users_are_clusters(test: str) -> None:
    random = np.random.default_rng(5)
    alarms = {None: 0, "user": 0}
    for _ in range(200):
        rows = table(**clustered(random, users=60, each=10))
        for cluster in alarms:
            found = compared(rows, test=test, min_effect=0.0, cluster=cluster)
            alarms[cluster] += found.low > 0 or found.high < 0
    assert alarms[None] / 200 >= 0.15
    assert alarms["user"] / 200 <= 0.085


def test_the_bootstrap_by_clusters_holds_its_promise_too() -> None:
    random = np.random.default_rng(7)
    alarms = 0
    for number in range(60):
        rows = table(**clustered(random, users=60, each=10))
        found = compared(rows, test="bootstrap", min_effect=0.0, cluster="user", seed=number)
        alarms += found.low > 0 or found.high < 0
    assert alarms / 60 <= 0.12


def test_weights_undo_a_sample_that_took_too_many_of_the_hard_cases() -> None:
    random = np.random.default_rng(9)
    n, held = 2000, 0
    for _ in range(100):
        hard = random.random(n) < 0.5  # in truth one case in ten is hard
        a = 1.0 * (random.random(n) < np.where(hard, 0.6, 0.95))
        b = 1.0 * (random.random(n) < np.where(hard, 0.3, 0.95))
        found = compared(table(a=a, b=b, w=np.where(hard, 0.2, 1.8)), weights="w")
        held += found.low <= -0.03 <= found.high
        assert abs(found.effect + 0.03) < 0.03
    assert held >= 88


def test_published_pairs_are_judged_as_published() -> None:
    # Agresti (2013), Categorical Data Analysis, table 11.1: approval by the same 1,600 people, twice
    approval = PairedCounts(both=794, only_a=150, only_b=86, neither=570)
    found = paired(approval, better="higher", min_effect=0.02)
    assert [found.a_rate, found.b_rate] == pytest.approx([0.59, 0.55])
    assert [found.low, found.high] == pytest.approx([-0.0587, -0.0212], abs=2e-4)
    assert mcnemar_p(approval) < 0.0001


def seen(n: int, rate: float) -> Counts:
    return Counts(n=n, successes=round(n * rate))


def test_more_samples_of_the_number_that_was_named_do_settle_it() -> None:
    undecided = two_proportions(seen(400, 0.9), seen(400, 0.87), better="higher", min_effect=0.02)
    assert undecided.verdict == "inconclusive"
    assert undecided.needed_n is not None
    n = undecided.needed_n
    assert two_proportions(seen(n, 0.9), seen(n, 0.87), better="higher", min_effect=0.02).verdict == "bad"
