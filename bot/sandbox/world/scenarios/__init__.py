"""What can go wrong in the world, one scenario each: data, no behaviour. A new one is an entry in ``SCENARIOS``."""

from __future__ import annotations

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

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (RECALL_DROP,)}

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
