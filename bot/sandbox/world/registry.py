"""The versions of the model as a registry has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.world.scenarios import Scenario


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
