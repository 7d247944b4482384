"""The story of a feed that breaks: what can be measured before, at the alert, after a wrong and a right decision."""

from __future__ import annotations

import pytest

from bot.sandbox.world import World
from tests.unit.sandbox.world.worlds import Clock, ask, ask_range, compared, new_world, one

MISSING = "100 * max(ml_feature_missing_ratio)"
PSI = "max(ml_feature_psi)"
RECALL = 'ml_eval_metric{metric="recall",dataset="live"}'
SEEDS = (1, 2, 3)


def broken(seed: int = 7) -> tuple[World, Clock]:
    return new_world("feature-feed-break", seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_before_it_broke_hardly_a_value_was_missing_and_recall_was_good(seed: int) -> None:
    world, _ = broken(seed)
    assert one(world, "100 * max(max_over_time(ml_feature_missing_ratio[1d] offset 30m))") < 0.5
    assert one(world, "max(max_over_time(ml_feature_psi[1d] offset 30m))") < 0.1
    assert ask(world, f"avg_over_time({RECALL}[1d] offset 30m)") == {"42": pytest.approx(0.839, abs=0.01)}


def test_it_broke_25_minutes_ago_for_one_feature_and_recall_followed_with_the_labels() -> None:
    world, _ = broken()
    broke = world.state.started - 25 * 60
    rows = ask_range(world, "ml_feature_missing_ratio", back=2400, step=10)
    first_bad = {
        row["metric"]["feature"]: next((at for at, value in row["values"] if float(value) > 0.02), None)
        for row in rows
    }
    assert first_bad.pop("device_age") == pytest.approx(broke, abs=60)
    assert set(first_bad.values()) == {None}
    (row,) = ask_range(world, RECALL, back=2400, step=10)
    low = next(at for at, value in row["values"] if float(value) < 0.76)
    assert broke + 30 <= low <= broke + 60


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_alert_the_data_is_bad_and_recall_is_low(seed: int) -> None:
    world, _ = broken(seed)
    assert world.alerts().firing
    assert one(world, MISSING) == pytest.approx(38, abs=1)
    assert one(world, PSI) > 0.5
    assert one(world, RECALL) < 0.75
    assert one(world, "max(http_request_duration_seconds)") < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_on_the_same_frauds_the_version_before_does_no_better(seed: int) -> None:
    world, _ = broken(seed)
    found = compared(world)
    assert found.verdict == "ok"
    assert found.low is not None
    assert found.high is not None
    assert -0.02 < found.low < 0 < found.high < 0.02 or abs(found.effect) < 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_going_back_to_the_version_before_does_not_help(seed: int) -> None:
    world, clock = broken(seed)
    world.set_switch("fraud-model", "41")
    clock.forward(120)
    assert ask(world, RECALL)["41"] < 0.75
    assert one(world, MISSING) == pytest.approx(38, abs=1)
    assert world.alerts().firing


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_good_values_help_at_once_and_recall_recovers_when_labels_arrive(seed: int) -> None:
    world, clock = broken(seed)
    world.set_switch("device-feed", "snapshot")
    clock.forward(28)  # nothing is known yet of what was decided since
    assert one(world, RECALL) < 0.75
    clock.forward(37)
    assert one(world, MISSING) < 0.5
    assert one(world, PSI) < 0.1
    assert one(world, RECALL) > 0.80
    clock.forward(10)
    assert not world.alerts().firing


def test_going_back_to_the_broken_feed_breaks_it_again() -> None:
    world, clock = broken()
    world.set_switch("device-feed", "snapshot")
    clock.forward(600)
    world.set_switch("device-feed", "vendor")
    clock.forward(600)
    assert one(world, RECALL) < 0.75
    assert [turn.firing for turn in world.alerts().turns] == [True, False, True]
