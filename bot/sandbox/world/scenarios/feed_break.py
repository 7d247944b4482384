"""The data going in broke: every version reads the same feature, so no version helps. Another source of it does."""

from __future__ import annotations

from bot.sandbox.world.scenarios.parts import (
    DAY,
    MINUTE,
    AlertRule,
    ChartSpec,
    ModelVersion,
    Release,
    Scenario,
    Switch,
    Trouble,
)
from bot.sandbox.world.scenarios.usual import (
    ERRORS_CHART,
    FLAG,
    SAME_SCHEMA,
    SERVICE,
    TRAFFIC_CHART,
    VERSION_40,
    VERSION_41,
    recall_chart,
)

MISSING = f'ml_feature_missing_ratio{{service="{SERVICE}"}}'

FEED_BREAK = Scenario(
    name="feature-feed-break",
    sentence="A vendor's feed of a feature loses values, so every version of a fraud model sees less.",
    service=SERVICE,
    flag=FLAG,
    versions=(
        VERSION_40,
        VERSION_41,
        ModelVersion(version="42", recall=VERSION_41.recall, schema_hash=SAME_SCHEMA, age=7 * DAY),
    ),
    releases=(
        Release(before=30 * DAY, environment="production", version="40", number=812),
        Release(before=30 * DAY, environment="staging", version="41"),
        Release(before=20 * DAY, environment="production", version="41", number=829),
        Release(before=7 * DAY, environment="staging", version="42"),
        Release(before=6 * DAY, environment="production", version="42", number=863),
    ),
    switches=(
        Switch(
            name="device-feed",
            options=("vendor", "snapshot"),
            sentence="Where device_age comes from: the vendor's feed, or the last good values.",
        ),
    ),
    trouble=Trouble(
        before=25 * MINUTE,
        switch="device-feed",
        value="vendor",
        missing={"device_age": 0.38},
        shift={"device_age": 0.63},
        handicap=1.2,
    ),
    alert=AlertRule(
        name="FeatureValuesMissing",
        severity="critical",
        failure_mode="data-quality",
        promql=f"100 * max({MISSING})",
        title="missing values of a feature",
        side="above",
        line=2.0,
        shown="{:.2g} %",
        pending=MINUTE,
    ),
    charts=(
        ChartSpec(
            title="Missing values by feature",
            unit="%",
            promql=f"100 * max by (feature) ({MISSING})",
            by="feature",
            threshold=2.0,
        ),
        recall_chart(),
        TRAFFIC_CHART,
        ERRORS_CHART,
    ),
    # two versions that learned from the same data differ little, and it takes many frauds to say so
    agreement=0.97,
    evaluation_set=6000,
)
