"""The world in a few numbers, for the strip on the sandbox's page, and its versions as a registry has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.world.scenarios import ENVIRONMENTS, Scenario
from bot.sandbox.world.world import World


def summary(world: World) -> dict[str, Any]:
    """JSON for ``GET /state``: by service each version's share of production traffic and its live recall (0 to 1;
    absent where too few outcomes are known), how the model's flag is set in each environment, and production's other
    switches."""
    scenario = world.scenario
    traffic = {version: round(share, 4) for version, share in world.shares("production").items() if share > 0}
    recall = {version: round(value, 4) for version, value in world.live_recall().items()}
    return {
        "synthetic": True,
        "scenario": scenario.name,
        "sentence": scenario.sentence,
        "now": stamp(world.now()),
        "services": {
            scenario.service: {
                "traffic": traffic,
                "recall": recall,
                "flag": {environment: world.flag(environment).value for environment in ENVIRONMENTS},
                "switches": {
                    switch.name: switch.value for switch in world.switches() if switch.name != scenario.flag
                },
                "label_delay_seconds": scenario.label_delay,
            }
        },
    }


def registry(scenario: Scenario, *, started: float) -> list[dict[str, Any]]:
    """JSON for ``GET /versions/{service}``: the newest first, what each passed, and the schema of its features."""
    return [
        {
            "version": model.version,
            "status": "ready",
            "passed": model.passed,
            "created_at": stamp(started - model.age),
            "schema_hash": model.schema_hash,
        }
        for model in sorted(scenario.versions, key=lambda model: model.age)
    ]


def stamp(moment: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
