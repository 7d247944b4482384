"""A release made it worse: going back to the version before helps."""

from __future__ import annotations

from bot.sandbox.world.scenarios.parts import DAY, MINUTE, AlertRule, ModelVersion, Release, Scenario
from bot.sandbox.world.scenarios.usual import (
    ERRORS_CHART,
    FLAG,
    LIVE_RECALL,
    SAME_SCHEMA,
    SERVICE,
    TRAFFIC_CHART,
    VERSION_40,
    VERSION_41,
    recall_chart,
)

RECALL_DROP = Scenario(
    name="fraud-recall-drop",
    sentence="Version 42 of a fraud model misses card-not-present fraud that version 41 caught.",
    service=SERVICE,
    flag=FLAG,
    versions=(
        VERSION_40,
        VERSION_41,
        ModelVersion(
            version="42",
            recall={"card-present": 0.865, "card-not-present": 0.62, "transfer": 0.795},
            schema_hash=SAME_SCHEMA,
            age=1.5 * DAY,
        ),
    ),
    releases=(
        Release(before=30 * DAY, environment="production", version="40", number=812),
        Release(before=30 * DAY, environment="staging", version="41"),
        Release(before=5 * DAY, environment="production", version="41", number=846),
        Release(before=1 * DAY, environment="staging", version="42"),
        Release(before=14 * MINUTE, environment="production", version="42", number=881),
    ),
    alert=AlertRule(
        name="ModelRecallDrop",
        severity="critical",
        failure_mode="performance",
        promql=f"min({LIVE_RECALL})",
        title="recall",
        side="below",
        line=0.80,
    ),
    charts=(recall_chart(threshold=0.80), TRAFFIC_CHART, ERRORS_CHART),
)
