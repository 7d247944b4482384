"""What a scenario is made of: versions, releases, switches, what goes wrong around the model, and the alert's rule.

Times are seconds. They are compressed: what takes a real team hours (labels, mostly) takes half a minute here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

DAY = 86400.0
MINUTE = 60.0

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


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """A flag besides the model's: which of ``options`` answers. The first is set at the start, in staging too."""

    name: str
    options: tuple[str, ...]
    sentence: str


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What breaks outside of the model, ``before`` seconds before the scenario starts, and stays broken.

    It reaches the share of requests for which the switch called ``switch`` stands on ``value``. ``missing`` and
    ``shift`` are the share of missing values (0 to 1) and the population stability index of features;
    ``handicap`` is by how many standard deviations a fraud is harder to see where such a value is missing.
    ``latency`` and ``upstream_latency`` (seconds, by quantile) are those of the service and of ``upstream``;
    ``errors`` is the share of requests that fail.
    """

    before: float
    switch: str
    value: str
    missing: Mapping[str, float] = {}
    shift: Mapping[str, float] = {}
    handicap: float = 0.0
    latency: Mapping[str, float] = {}
    upstream: str = ""
    upstream_latency: Mapping[str, float] = {}
    errors: float = 0.0


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """The rule that complains: the value of ``promql``, which people call ``title``, is under or over ``line``.

    It fires after ``pending`` seconds and is over when the value has been back for ``keep`` seconds. ``shown``
    formats the line and the value for people.
    """

    name: str
    severity: str
    failure_mode: str
    promql: str
    title: str
    side: Literal["below", "above"]
    line: float
    shown: str = "{:.2g}"
    pending: float = 20.0
    keep: float = 5.0

    def broken(self, value: float) -> bool:
        """Whether ``value`` is on the bad side of the line."""
        return value < self.line if self.side == "below" else value > self.line


class ChartSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A chart about the service. ``{span}`` in ``promql`` is the window of a rate; a line's name is the value of
    its label ``by`` after ``prefix``, or the service's where it has no such label. ``threshold`` is in ``unit``."""

    title: str
    unit: str
    promql: str
    by: str = ""
    prefix: str = ""
    threshold: float | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One story. ``label_delay`` is how late an outcome is known, ``window`` over how many seconds live recall is
    taken, ``ramp`` how long a change of the flag takes to reach all traffic, ``agreement`` how much two versions
    agree on what is hard (the correlation of their scores)."""

    name: str
    sentence: str
    service: str
    flag: str
    versions: tuple[ModelVersion, ...]
    releases: tuple[Release, ...]
    alert: AlertRule
    charts: tuple[ChartSpec, ...]
    switches: tuple[Switch, ...] = ()
    trouble: Trouble | None = None
    predictions_per_second: float = 1600.0
    staging_per_second: float = 20.0
    frauds_per_second: float = 80.0
    error_share: float = 0.002
    latency_seconds: float = 0.042
    evaluation_set: int = 3180
    agreement: float = 0.85
    label_delay: float = 30.0
    window: float = 20.0
    ramp: float = 4.0

    @property
    def latest(self) -> Release:
        """The last release to production."""
        return min((r for r in self.releases if r.environment == "production"), key=lambda r: r.before)

    @property
    def previous(self) -> Release:
        """The release to production before the last."""
        return sorted((r for r in self.releases if r.environment == "production"), key=lambda r: r.before)[1]

    @property
    def settles(self) -> float:
        """After how many seconds without a change the numbers, and what is said about them, move no more."""
        patience = max(self.alert.pending, self.alert.keep)
        return self.ramp + self.label_delay + self.window + 2 * MINUTE + patience

    def model(self, version: str) -> ModelVersion | None:
        """The version called ``version``, or None."""
        return next((model for model in self.versions if model.version == version), None)

    def options(self, flag: str) -> tuple[str, ...]:
        """What the flag called ``flag`` can be set to; nothing where there is no such flag."""
        if flag == self.flag:
            return tuple(model.version for model in self.versions)
        return next((switch.options for switch in self.switches if switch.name == flag), ())
