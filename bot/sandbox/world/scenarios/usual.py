"""What the scenarios share: the fraud scorer's versions as they were before anything broke, and its charts."""

from __future__ import annotations

from bot.sandbox.world.scenarios.parts import DAY, ChartSpec, ModelVersion

SERVICE = "fraud-scorer"
FLAG = "fraud-model"
LIVE_RECALL = f'ml_eval_metric{{service="{SERVICE}",metric="recall",dataset="live"}}'

SAME_SCHEMA = "sha256:9f2c41d07ab3"
VERSION_40 = ModelVersion(
    version="40",
    recall={"card-present": 0.87, "card-not-present": 0.80, "transfer": 0.80},
    schema_hash="sha256:51e0c8b7d264",
    age=24 * DAY,
)
VERSION_41 = ModelVersion(
    version="41",
    recall={"card-present": 0.88, "card-not-present": 0.82, "transfer": 0.81},
    schema_hash=SAME_SCHEMA,
    age=10 * DAY,
)


def recall_chart(*, threshold: float | None = None) -> ChartSpec:
    """Live recall of every version with enough known outcomes."""
    return ChartSpec(
        title="Recall by version", unit="", promql=LIVE_RECALL, by="version", prefix="v", threshold=threshold
    )


TRAFFIC_CHART = ChartSpec(
    title="Traffic by version",
    unit="/s",
    promql=f'sum by (version) (rate(ml_predictions_total{{service="{SERVICE}",environment="production"}}[{{span}}]))',
    by="version",
    prefix="v",
)
ERRORS_CHART = ChartSpec(
    title="Errors",
    unit="%",
    promql=f'100 * sum(rate(http_errors_total{{service="{SERVICE}"}}[{{span}}]))'
    f' / sum(rate(http_requests_total{{service="{SERVICE}"}}[{{span}}]))',
)
