"""What can be measured while the story unfolds: the drop, the rollback, and labels that come late."""

from __future__ import annotations

import pytest

from bot.sandbox.world.registry import registry
from bot.sandbox.world.series import METRICS
from bot.statistics import PairedCounts, paired
from tests.unit.sandbox.world.test_traffic import evaluated
from tests.unit.sandbox.world.worlds import ask, ask_range, new_world

RECALL = 'ml_eval_metric{service="fraud-scorer",metric="recall",dataset="live"}'
TRAFFIC = 'sum by (version) (rate(ml_predictions_total{service="fraud-scorer",environment="production"}[5s]))'
SEEDS = (1, 2, 3)


def share(traffic: dict[str, float], version: str) -> float:
    return traffic[version] / sum(traffic.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_start_version_42_serves_with_low_recall_and_the_week_before_was_good(seed: int) -> None:
    world, _ = new_world(seed=seed)
    assert share(ask(world, TRAFFIC), "42") == 1.0
    recall = ask(world, RECALL)
    assert list(recall) == ["42"]
    assert recall["42"] < 0.79
    baseline = ask(world, f"avg_over_time({RECALL}[7d])")
    assert baseline["41"] == pytest.approx(0.839, abs=0.003)
    assert ask(world, "ml_eval_positives")["42"] == pytest.approx(1600, rel=0.05)


def test_the_drop_begins_with_the_release() -> None:
    world, _ = new_world()
    by_version = {row["metric"]["version"]: row["values"] for row in ask_range(world, RECALL, back=1200, step=10)}
    release = world.state.started - 14 * 60
    last_41, first_42 = by_version["41"][-1][0], by_version["42"][0][0]
    assert release + 30 <= first_42 < release + 50
    assert release + 30 < last_41 < release + 70
    assert len(ask_range(world, RECALL, back=7 * 86_400, step=600)) == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_after_the_flag_flips_traffic_follows_in_seconds_and_recall_when_labels_arrive(seed: int) -> None:
    world, clock = new_world(seed=seed)
    world.set_flag("production", {"41": 100})
    clock.forward(3)
    assert 0.1 < share(ask(world, TRAFFIC), "41") < 0.9
    clock.forward(7)
    assert share(ask(world, TRAFFIC), "41") >= 0.99
    clock.forward(18)  # 28 s: nothing is known of version 41 yet
    assert list(ask(world, RECALL)) == ["42"]
    clock.forward(12)  # 40 s: the first outcomes of version 41
    assert set(ask(world, RECALL)) == {"41", "42"}
    clock.forward(20)  # 60 s: the outcomes of version 42 have left the window
    recall = ask(world, RECALL)
    assert list(recall) == ["41"]
    assert recall["41"] > 0.80


@pytest.mark.parametrize("seed", SEEDS)
def test_the_evaluator_s_counts_are_clearly_bad_and_worst_in_card_not_present(seed: int) -> None:
    world, _ = new_world(seed=seed)
    found = world.evaluate(evaluated())
    pairs = found.paired
    counts = PairedCounts(both=pairs.both, only_a=pairs.only_a, only_b=pairs.only_b, neither=pairs.neither)
    comparison = paired(counts, better="higher", min_effect=0.02)
    assert comparison.verdict == "bad"
    assert -0.13 < comparison.effect < -0.07
    effects = {
        value: (cut.b.successes - cut.a.successes) / cut.n for value, cut in found.slices["query_type"].items()
    }
    assert min(effects, key=lambda value: effects[value]) == "card-not-present"


def test_errors_latency_and_features_are_as_always() -> None:
    world, _ = new_world()
    (share_of_errors,) = ask(world, "sum(rate(http_errors_total[5m])) / sum(rate(http_requests_total[5m]))").values()
    assert share_of_errors == pytest.approx(0.002, rel=0.2)
    (latency,) = ask(world, 'http_request_duration_seconds{quantile="0.99"}').values()
    assert 0.1 < latency < 0.2
    (psi,) = ask(world, "max(max_over_time(ml_feature_psi[1d]))").values()
    assert psi < 0.1
    (age,) = ask(world, "time() - max(ml_pipeline_last_success_timestamp_seconds)").values()
    assert 0 <= age < 300


def test_everything_is_marked_as_synthetic() -> None:
    world, _ = new_world()
    for name in METRICS:
        assert all(series.labels["job"] == "synthetic-world" for series in world.series(name)), name


def test_the_registry_lists_the_newest_version_first_and_which_can_take_its_place() -> None:
    world, _ = new_world()
    newest, before, oldest = registry(world.scenario, started=world.state.started)
    assert [found["version"] for found in (newest, before, oldest)] == ["42", "41", "40"]
    assert newest["schema_hash"] == before["schema_hash"] != oldest["schema_hash"]
