"""Something that the model waits for is slow: no version is faster. Another copy of the upstream is."""

from __future__ import annotations

import msgspec

from bot.sandbox.world.scenarios.feed_break import FEED_BREAK
from bot.sandbox.world.scenarios.parts import MINUTE, AlertRule, ChartSpec, Switch, Trouble
from bot.sandbox.world.scenarios.usual import ERRORS_CHART, SERVICE, TRAFFIC_CHART, recall_chart

P99 = f'max(http_request_duration_seconds{{service="{SERVICE}",quantile="0.99"}})'
UPSTREAM_P99 = f'max by (upstream) (upstream_request_duration_seconds{{service="{SERVICE}",quantile="0.99"}})'

#: the versions and their releases are those of the broken feed: the last one is days ago there, too
UPSTREAM_LATENCY = msgspec.structs.replace(
    FEED_BREAK,
    name="upstream-latency",
    sentence="The feature store answers slowly, so the scores of a fraud model come late or not at all.",
    switches=(
        Switch(
            name="feature-store",
            options=("primary", "replica"),
            sentence="Which copy of the feature store the scorer asks.",
        ),
    ),
    trouble=Trouble(
        before=12 * MINUTE,
        switch="feature-store",
        value="primary",
        latency={"0.5": 0.048, "0.95": 0.61, "0.99": 1.3},
        upstream="feature-store",
        upstream_latency={"0.5": 0.016, "0.95": 0.42, "0.99": 0.9},
        errors=0.03,
    ),
    alert=AlertRule(
        name="PredictionLatencyHigh",
        severity="critical",
        failure_mode="latency",
        promql=P99,
        title="p99 latency",
        side="above",
        line=0.5,
        shown="{:.2g} s",
    ),
    charts=(
        ChartSpec(
            title="p99 latency, own and upstream",
            unit="s",
            promql=f"{P99} or {UPSTREAM_P99}",
            by="upstream",
            threshold=0.5,
        ),
        ERRORS_CHART,
        recall_chart(),
        TRAFFIC_CHART,
    ),
)
