"""The running world: a scenario, a clock, and what people have done to its flags since it began.

It keeps nothing that could not be computed again from its state; the ledger and the alert are only remembered so
that they are not computed again for every question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec
import numpy as np

from bot.sandbox.world.alert_rule import Alerts, firing_from_the_start
from bot.sandbox.world.evaluations import Evaluation, EvaluationRequest, evaluate_versions
from bot.sandbox.world.flags import FlagReading, WorldState, begin, read_flag, set_flag, shares
from bot.sandbox.world.ledger import Ledger, extend, past
from bot.sandbox.world.promql.vectors import TimeSeries
from bot.sandbox.world.reading import Reading
from bot.sandbox.world.scenarios import Environment, Scenario
from bot.sandbox.world.series import METRICS

#: how many seconds are added to the ledger at once; fewer than it keeps as seconds, so the alert sees each of them
LARGEST_PIECE = 900


class Conflict(Exception):
    """The flag was changed since it was read; nothing was written."""


class SwitchReading(msgspec.Struct, frozen=True, kw_only=True):
    """A flag as a flag tool shows it: ``value`` is what production is set to, one of ``options``."""

    name: str
    value: str
    options: tuple[str, ...]
    sentence: str


class World:
    """A scenario that is happening. ``clock`` gives the current time and must not go backwards; it may jump ahead."""

    def __init__(self, scenario: Scenario, *, seed: int, clock: Callable[[], datetime]) -> None:
        """The scenario starts now: its past is already there."""
        self._clock = clock
        self.state: WorldState = begin(scenario, seed=seed, started=clock().timestamp())
        start = extend(past(self.state), self.state, int(self.state.started))
        self._reading = Reading(self.state, start)
        self._alerts = firing_from_the_start(scenario.alert, self._reading, started=self.state.started)
        self._foreseen: tuple[WorldState, float, float | None] = (self.state, 0.0, None)

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

    def reading(self) -> Reading:
        """Everything that was measured up to the current second."""
        now = int(self.now())
        while self._reading.ledger.until < now:  # piece by piece: the clock may have jumped over a night
            until = min(now, self._reading.ledger.until + LARGEST_PIECE)
            self._reading = Reading(self.state, extend(self._reading.ledger, self.state, until))
            self._alerts = self._alerts.followed(self._reading)
        return self._reading

    def ledger(self) -> Ledger:
        """Everything that was counted up to the current second."""
        return self.reading().ledger

    def names(self) -> Iterable[str]:
        """The names of all metrics."""
        return METRICS

    def series(self, name: str) -> Iterable[TimeSeries]:
        """The series of the metric called ``name`` up to now."""
        return self.reading().series(name)

    def alerts(self) -> Alerts:
        """The alert up to the current second: every time it began to fire or was over, and where it stands."""
        self.reading()
        return self._alerts

    def next_turn(self, *, within: float) -> float | None:
        """When the alert turns next (seconds since 1970), if nobody changes anything; None: not ``within`` seconds.

        Where the last change is long ago and the value far from the line, nothing is computed: it stays as it is.
        """
        alerts, now = self.alerts(), self.now()
        if alerts.state.since is None and now - self.state.changes[-1].at > self.scenario.settles:
            return None
        state, until, found = self._foreseen
        # what was foreseen holds until it happens or somebody changes a flag
        if state is not self.state or now >= until or (found is not None and now >= found):
            until, found = now + within, self._foresee(alerts, until=int(now + within))
            self._foreseen = (self.state, until, found)
        return found

    def _foresee(self, alerts: Alerts, *, until: int) -> float | None:
        reading = self.reading()
        while reading.ledger.until < until:
            piece = min(until, reading.ledger.until + LARGEST_PIECE)
            reading = Reading(self.state, extend(reading.ledger, self.state, piece))
            followed = alerts.followed(reading)
            if len(followed.turns) > len(alerts.turns):
                return followed.turns[len(alerts.turns)].at
            alerts = followed
        return None

    def flag(self, environment: Environment, *, name: str | None = None) -> FlagReading:
        """How the flag called ``name`` is set; the model's, where none is named."""
        return read_flag(self.state, environment, flag=name)

    def set_flag(
        self,
        environment: Environment,
        percentages: Mapping[str, float],
        *,
        if_version: int | None = None,
        name: str | None = None,
    ) -> FlagReading:
        """Set the flag from now on and answer how it is set then.

        Raises Conflict when ``if_version`` is not the flag's version any more, ValueError for what cannot be set.
        """
        current = self.flag(environment, name=name)
        if if_version is not None and if_version != current.version:
            raise Conflict(f"the flag is at version {current.version}, not {if_version}: it was changed meanwhile")
        self.reading()
        self.state = set_flag(self.state, environment, percentages, at=self.now(), flag=name)
        return self.flag(environment, name=name)

    def switches(self) -> tuple[SwitchReading, ...]:
        """The flags that somebody could set in production, the model's last."""
        scenario = self.scenario
        known = [(switch.name, switch.sentence) for switch in scenario.switches]
        known.append((scenario.flag, "Which version of the model answers."))
        return tuple(
            SwitchReading(
                name=name,
                value=self.flag("production", name=name).value,
                options=scenario.options(name),
                sentence=sentence,
            )
            for name, sentence in known
        )

    def set_switch(self, name: str, value: str) -> None:
        """What somebody does in their flag tool: from now on all of production gets ``value``.

        Raises ValueError for a flag or a value that does not exist.
        """
        if not self.scenario.options(name):
            raise ValueError(f"there is no flag {name}; there are {', '.join(s.name for s in self.switches())}")
        self.set_flag("production", {value: 100.0}, name=name)

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
