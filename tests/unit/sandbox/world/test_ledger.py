"""What was counted, however long it runs: it neither grows nor depends on when it was asked for."""

from __future__ import annotations

import time

import msgspec
import numpy as np
import pytest

from bot.sandbox.world.flags import begin
from bot.sandbox.world.ledger import FINE, KEPT, LIVE_BEFORE, Ledger, extend, past
from bot.sandbox.world.scenarios import SCENARIOS
from tests.unit.sandbox.world.worlds import START, ask, new_world

#: what a watch asks at each of its looks
ASKED = (
    'ml_eval_metric{metric="recall",dataset="live"}',
    "ml_eval_positives",
    "sum(rate(http_errors_total[5m])) / sum(rate(http_requests_total[5m]))",
    'max(http_request_duration_seconds{quantile="0.99"})',
    'max by (upstream) (upstream_request_duration_seconds{quantile="0.99"})',
    "max by (feature) (ml_feature_missing_ratio)",
    "max by (feature) (ml_feature_psi)",
    'sum by (version) (rate(ml_predictions_total{environment="production"}[5s]))',
)


def same(one: Ledger, other: Ledger) -> bool:
    return np.array_equal(one.ends, other.ends) and all(
        np.array_equal(one.totals[key], other.totals[key]) for key in one.totals
    )


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("steps", [(1, 59, 61, 3600, 7), (7200,), (2399, 2401)])
def test_extended_in_any_steps_it_is_the_same(scenario: str, steps: tuple[int, ...]) -> None:
    world, _ = new_world(scenario)
    state = world.state
    end = int(state.started) + 3 * 3600
    once = extend(world.ledger(), state, end)
    by_steps, until = world.ledger(), int(state.started)
    for step in steps:
        until += step
        by_steps = extend(by_steps, state, until)
    assert same(extend(by_steps, state, end), once)


def test_seconds_that_are_long_ago_become_minutes_and_nothing_that_was_counted_is_lost() -> None:
    world, clock = new_world()
    begun = world.ledger()
    clock.forward(3 * 3600)
    later = world.ledger()
    apart = np.diff(later.ends)
    assert set(apart.tolist()) == {1.0, 60.0}
    assert int((apart == 1.0).sum()) <= FINE + 60
    start = float(begun.ends[-1])
    minute = start - start % 60
    for key, totals in begun.totals.items():
        assert totals[begun.ends == minute] == later.totals[key][later.ends == minute], key


def test_after_ten_days_it_is_no_larger_than_after_two() -> None:
    quiet = msgspec.structs.replace(SCENARIOS["fraud-recall-drop"], frauds_per_second=1.0)
    state = begin(quiet, seed=7, started=START.timestamp())
    ledger, sizes = past(state), []
    for _ in range(10):
        ledger = extend(ledger, state, ledger.until + 86_400)
        sizes.append(len(ledger.ends))
    assert sizes[1:] == sorted(sizes[1:], reverse=True)
    assert sizes[-1] < KEPT / 60 + FINE + 120
    assert ledger.ends[-1] - ledger.ends[0] >= 7 * 86_400


def test_every_trouble_begins_where_each_fraud_is_known() -> None:
    for scenario in SCENARIOS.values():
        assert scenario.trouble is None or scenario.trouble.before < LIVE_BEFORE, scenario.name


def test_a_day_in_jumps_of_ten_minutes_is_cheap_and_a_query_after_it_no_slower() -> None:
    world, clock = new_world("feature-feed-break")
    began = time.process_time()
    for _ in range(144):
        clock.forward(600)
        for promql in ASKED:
            ask(world, promql)
    # two seconds where it was measured; ten times that without merging
    assert time.process_time() - began < 8
    assert len(world.ledger().ends) < KEPT / 60 + FINE + 120
