"""The running world: a scenario, a clock, and what people have done to its flag since it began.

It keeps nothing that could not be computed again from its state; the ledger is only remembered so that it is not
computed again for every question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import numpy as np

from bot.sandbox.world.evaluations import Evaluation, EvaluationRequest, evaluate_versions
from bot.sandbox.world.flags import FlagReading, WorldState, begin, read_flag, set_flag, shares
from bot.sandbox.world.ledger import Ledger, extend, past
from bot.sandbox.world.promql.vectors import TimeSeries
from bot.sandbox.world.scenarios import Environment, Scenario
from bot.sandbox.world.series import METRICS, all_series

#: how many seconds are added to the ledger at once
LARGEST_PIECE = 3600


class Conflict(Exception):
    """The flag was changed since it was read; nothing was written."""


class World:
    """A scenario that is happening. ``clock`` gives the current time and must not go backwards."""

    def __init__(self, scenario: Scenario, *, seed: int, clock: Callable[[], datetime]) -> None:
        """The scenario starts now: its past is already there."""
        self._clock = clock
        self.state: WorldState = begin(scenario, seed=seed, started=clock().timestamp())
        self._ledger: Ledger = past(self.state)
        self.ledger()

    @property
    def scenario(self) -> Scenario:
        """What is happening."""
        return self.state.scenario

    @property
    def started(self) -> datetime:
        """When the scenario started."""
        return datetime.fromtimestamp(self.state.started, UTC)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock().timestamp()

    def ledger(self) -> Ledger:
        """Everything that was counted up to the current second."""
        now = int(self.now())
        while self._ledger.until < now:  # piece by piece: a machine may have slept for a night
            self._ledger = extend(self._ledger, self.state, min(now, self._ledger.until + LARGEST_PIECE))
        return self._ledger

    def names(self) -> Iterable[str]:
        """The names of all metrics."""
        return METRICS

    def series(self, name: str) -> Iterable[TimeSeries]:
        """The series of the metric called ``name`` up to now."""
        return all_series(self.scenario, self.state.seed, self.ledger(), name)

    def flag(self, environment: Environment) -> FlagReading:
        """How the flag is set."""
        return read_flag(self.state, environment)

    def set_flag(
        self, environment: Environment, percentages: Mapping[str, float], *, if_version: int | None = None
    ) -> FlagReading:
        """Set the flag from now on and answer how it is set then.

        Raises Conflict when ``if_version`` is not the flag's version any more, ValueError for what cannot be set.
        """
        current = self.flag(environment)
        if if_version is not None and if_version != current.version:
            raise Conflict(f"the flag is at version {current.version}, not {if_version}: it was changed meanwhile")
        self.ledger()
        self.state = set_flag(self.state, environment, percentages, at=self.now())
        return self.flag(environment)

    def shares(self, environment: Environment) -> dict[str, float]:
        """Each version's share of the traffic at this moment."""
        found = shares(self.state, environment, np.array([self.now()]))
        return {version: float(share[0]) for version, share in found.items()}

    def live_recall(self) -> dict[str, float]:
        """Live recall by version, for versions with enough known outcomes."""
        found: dict[str, float] = {}
        for series in self.series("ml_eval_metric"):
            if not np.isnan(series.values[-1]):
                found[series.labels["version"]] = float(series.values[-1])
        return found

    def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Two versions on the same frauds. Raises ValueError for what the world does not have."""
        return evaluate_versions(self.state, request, now=self.now())
