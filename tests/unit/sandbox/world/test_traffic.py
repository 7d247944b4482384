"""The transactions that are frauds, and what the versions make of them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.world.evaluations import EvaluationRequest
from bot.sandbox.world.flags import set_flag
from bot.sandbox.world.ledger import extend, past
from bot.sandbox.world.scenarios import SCENARIOS
from bot.sandbox.world.traffic import ATTRIBUTES, caught, frauds_between, recall_overall, scores
from tests.unit.sandbox.world.worlds import START, new_world

SCENARIO = SCENARIOS["fraud-recall-drop"]
FIRST = int(START.timestamp())


def test_a_stretch_of_time_is_the_same_whole_or_in_parts() -> None:
    whole = frauds_between(5, FIRST, FIRST + 60, per_second=80)
    parts = [frauds_between(5, FIRST + n, FIRST + n + 20, per_second=80) for n in (0, 20, 40)]
    assert np.array_equal(whole.number, np.concatenate([part.number for part in parts]))
    assert np.array_equal(whole.route, np.concatenate([part.route for part in parts]))


def test_every_version_scores_the_same_transaction_the_same_way_each_time() -> None:
    frauds = frauds_between(5, FIRST, FIRST + 30, per_second=80)
    for model in SCENARIO.versions:
        score = scores(frauds, model, agreement=SCENARIO.agreement)
        assert np.array_equal(score, scores(frauds, model, agreement=SCENARIO.agreement))
        assert 0 <= score.min() < score.max() <= 1


def test_in_the_long_run_recall_is_what_the_scenario_says_in_every_slice() -> None:
    frauds = frauds_between(5, FIRST, FIRST + 3000, per_second=80)
    for model in SCENARIO.versions:
        hits = caught(frauds, model, agreement=SCENARIO.agreement)
        assert hits.mean() == pytest.approx(recall_overall(model), abs=0.005)
        for query_type in ATTRIBUTES["query_type"]:
            within = frauds.being("query_type", query_type)
            assert hits[within].mean() == pytest.approx(model.recall[query_type], abs=0.01)


def test_versions_agree_on_most_transactions() -> None:
    frauds = frauds_between(5, FIRST, FIRST + 1000, per_second=80)
    first, second = (caught(frauds, model, agreement=SCENARIO.agreement) for model in SCENARIO.versions[:2])
    assert (first == second).mean() > 0.8


def test_a_ledger_extended_twice_equals_one_extended_once() -> None:
    world, _ = new_world()
    state, begin = world.state, past(world.state)
    now = int(state.started) + 90
    once = extend(begin, state, now)
    twice = extend(extend(begin, state, now - 40), state, now)
    assert np.array_equal(once.ends, twice.ends)
    assert all(np.array_equal(once.totals[key], twice.totals[key]) for key in once.totals)


def test_a_change_of_the_flag_does_not_rewrite_the_past() -> None:
    world, _ = new_world()
    now = int(world.state.started)
    changed = set_flag(world.state, "production", {"41": 100}, at=world.state.started)
    before, after = (extend(past(state), state, now) for state in (world.state, changed))
    assert all(np.array_equal(before.totals[key], after.totals[key]) for key in before.totals)


def test_counters_only_grow() -> None:
    world, _ = new_world()
    assert all((np.diff(total) >= 0).all() for total in world.ledger().totals.values())


def evaluated(
    *, a: str = "41", b: str = "42", service: str = "fraud-scorer", metric: str = "recall"
) -> EvaluationRequest:
    return EvaluationRequest(service=service, a=a, b=b, metric=metric, slices=("query_type", "region"))


def test_the_evaluator_counts_the_same_frauds_for_both_versions() -> None:
    world, _ = new_world()
    found = world.evaluate(evaluated())
    assert found.n == SCENARIO.evaluation_set
    pairs = found.paired
    assert pairs.both + pairs.only_a + pairs.only_b + pairs.neither == found.n
    assert (found.a.successes, found.b.successes) == (pairs.both + pairs.only_a, pairs.both + pairs.only_b)
    for cuts in found.slices.values():
        assert sum(cut.n for cut in cuts.values()) == found.n
        assert sum(cut.paired.only_a for cut in cuts.values()) == pairs.only_a


def test_the_evaluator_uses_only_outcomes_that_are_known() -> None:
    world, clock = new_world()
    found = world.evaluate(evaluated())
    assert found.window[1] < world.now() - SCENARIO.label_delay
    clock.forward(10)
    assert world.evaluate(evaluated()).window[1] == found.window[1] + 10


def test_exchanging_the_versions_exchanges_the_counts() -> None:
    world, _ = new_world()
    one, other = world.evaluate(evaluated()), world.evaluate(evaluated(a="42", b="41"))
    assert (one.paired.only_a, one.a) == (other.paired.only_b, other.b)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (evaluated(a="99"), "no version '99'; there are 40, 41, 42"),
        (evaluated(service="x"), "no service 'x'"),
        (evaluated(metric="precision"), "recall is"),
        (EvaluationRequest(service="fraud-scorer", a="41", b="42", slices=("moon",)), "no slice 'moon'"),
    ],
)
def test_the_evaluator_says_what_it_does_not_have(wrong: EvaluationRequest, said: str) -> None:
    world, _ = new_world()
    with pytest.raises(ValueError, match=said):
        world.evaluate(wrong)
