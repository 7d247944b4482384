"""What can go wrong in the world, one scenario each: data, no behaviour. A new one is an entry in ``SCENARIOS``."""

from __future__ import annotations

from bot.sandbox.world.scenarios.feed_break import FEED_BREAK
from bot.sandbox.world.scenarios.parts import (
    DAY,
    ENVIRONMENTS,
    MINUTE,
    AlertRule,
    ChartSpec,
    Environment,
    ModelVersion,
    Release,
    Scenario,
    Switch,
    Trouble,
)
from bot.sandbox.world.scenarios.recall_drop import RECALL_DROP
from bot.sandbox.world.scenarios.upstream_latency import UPSTREAM_LATENCY

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (RECALL_DROP, FEED_BREAK, UPSTREAM_LATENCY)}

__all__ = [
    "DAY",
    "ENVIRONMENTS",
    "MINUTE",
    "SCENARIOS",
    "AlertRule",
    "ChartSpec",
    "Environment",
    "ModelVersion",
    "Release",
    "Scenario",
    "Switch",
    "Trouble",
]
