"""What can go wrong in the world, one scenario each. A new one is an entry in ``SCENARIOS``.

Times are seconds. They are compressed: what takes a real team hours (labels, mostly) takes half a minute here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Environment = Literal["production", "staging"]
ENVIRONMENTS: tuple[Environment, ...] = ("production", "staging")


class ModelVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the model: the share of frauds that it catches, by query type, and what the registry says."""

    version: str
    recall: Mapping[str, float]
    schema_hash: str
    age: float  # seconds from its creation to the start of the scenario
    passed: bool = True


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """``version`` began to serve ``environment`` this many seconds before the scenario starts."""

    before: float
    environment: Environment
    version: str
    number: int = 0


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """The rule that complains: the lowest live recall of a serving version is under ``below``.

    It fires after ``pending`` seconds and is over when the value has been back for ``keep`` seconds.
    """

    name: str
    severity: str
    failure_mode: str
    below: float
    pending: float = 20.0
    keep: float = 5.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One story. ``label_delay`` is how late an outcome is known, ``window`` over how many seconds live recall is
    taken, ``ramp`` how long a change of the flag takes to reach all traffic."""

    name: str
    sentence: str
    service: str
    flag: str
    versions: tuple[ModelVersion, ...]
    releases: tuple[Release, ...]
    alert: AlertRule
    predictions_per_second: float = 1600.0
    staging_per_second: float = 20.0
    frauds_per_second: float = 80.0
    error_share: float = 0.002
    latency_seconds: float = 0.042
    evaluation_set: int = 3180
    label_delay: float = 30.0
    window: float = 20.0
    ramp: float = 4.0

    @property
    def latest(self) -> Release:
        """The last release to production: the one that broke it."""
        return min((r for r in self.releases if r.environment == "production"), key=lambda r: r.before)

    @property
    def previous(self) -> Release:
        """The release to production before the last."""
        return sorted((r for r in self.releases if r.environment == "production"), key=lambda r: r.before)[1]

    def model(self, version: str) -> ModelVersion | None:
        """The version called ``version``, or None."""
        return next((model for model in self.versions if model.version == version), None)


DAY = 86400.0
MINUTE = 60.0

_SAME_SCHEMA = "sha256:9f2c41d07ab3"

SCENARIOS: dict[str, Scenario] = {
    "fraud-recall-drop": Scenario(
        name="fraud-recall-drop",
        sentence="Version 42 of a fraud model misses card-not-present fraud that version 41 caught.",
        service="fraud-scorer",
        flag="fraud-model",
        versions=(
            ModelVersion(
                version="40",
                recall={"card-present": 0.87, "card-not-present": 0.80, "transfer": 0.80},
                schema_hash="sha256:51e0c8b7d264",
                age=24 * DAY,
            ),
            ModelVersion(
                version="41",
                recall={"card-present": 0.88, "card-not-present": 0.82, "transfer": 0.81},
                schema_hash=_SAME_SCHEMA,
                age=10 * DAY,
            ),
            ModelVersion(
                version="42",
                recall={"card-present": 0.865, "card-not-present": 0.62, "transfer": 0.795},
                schema_hash=_SAME_SCHEMA,
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
        alert=AlertRule(name="ModelRecallDrop", severity="critical", failure_mode="performance", below=0.80),
    ),
}
