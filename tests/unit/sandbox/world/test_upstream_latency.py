"""The story of a slow feature store: before, at the alert, after a wrong and a right decision."""

from __future__ import annotations

import pytest

from bot.sandbox.world import World
from tests.unit.sandbox.world.worlds import Clock, ask, compared, new_world, one

P99 = 'max(http_request_duration_seconds{quantile="0.99"})'
MEDIAN = 'max(http_request_duration_seconds{quantile="0.5"})'
ERRORS = "100 * sum(rate(http_errors_total[1m])) / sum(rate(http_requests_total[1m]))"
RECALL = 'ml_eval_metric{metric="recall",dataset="live"}'
SEEDS = (1, 2, 3)


def slow(seed: int = 7) -> tuple[World, Clock]:
    return new_world("upstream-latency", seed=seed)


def upstream(world: World, name: str) -> float:
    return one(world, f'max(upstream_request_duration_seconds{{upstream="{name}",quantile="0.99"}})')


@pytest.mark.parametrize("seed", SEEDS)
def test_before_answers_came_in_time(seed: int) -> None:
    world, _ = slow(seed)
    assert one(world, 'max(max_over_time(http_request_duration_seconds{quantile="0.99"}[1d] offset 13m))') < 0.2
    earlier = 'max(max_over_time(upstream_request_duration_seconds{upstream="feature-store"}[1d] offset 13m))'
    assert one(world, earlier) < 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_alert_one_upstream_is_slow_and_with_it_the_slowest_answers(seed: int) -> None:
    world, _ = slow(seed)
    assert world.alerts().firing
    assert one(world, P99) == pytest.approx(1.3, rel=0.1)
    assert one(world, MEDIAN) < 0.06
    assert upstream(world, "feature-store") == pytest.approx(0.9, rel=0.1)
    assert upstream(world, "card-directory") < 0.05
    assert one(world, ERRORS) == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_is_as_good_as_ever(seed: int) -> None:
    world, _ = slow(seed)
    assert one(world, RECALL) > 0.80
    assert compared(world).verdict == "ok"
    assert one(world, "100 * max(ml_feature_missing_ratio)") < 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_another_version_is_no_faster(seed: int) -> None:
    world, clock = slow(seed)
    world.set_switch("fraud-model", "41")
    clock.forward(120)
    assert one(world, P99) == pytest.approx(1.3, rel=0.1)
    assert one(world, ERRORS) == pytest.approx(3, abs=0.3)
    assert world.alerts().firing


@pytest.mark.parametrize("seed", SEEDS)
def test_the_replica_is_fast_and_the_alert_is_over_in_seconds(seed: int) -> None:
    world, clock = slow(seed)
    world.set_switch("feature-store", "replica")
    clock.forward(20)
    assert one(world, P99) < 0.2
    assert upstream(world, "feature-store") < 0.03
    assert not world.alerts().firing
    clock.forward(60)
    assert one(world, ERRORS) < 0.4
    assert ask(world, RECALL)["42"] > 0.80
