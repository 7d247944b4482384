"""Which version serves: a flag per environment, the changes made to it, and the traffic that follows.

Replicas take a change over one after another, so traffic follows in a ramp. A change made while another is still
rolling starts from what served at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bot.sandbox.world.chance import Floats
from bot.sandbox.world.scenarios import Environment, Scenario


class FlagChange(msgspec.Struct, frozen=True, kw_only=True):
    """From ``at`` (seconds since 1970) on the flag sends ``percentages`` of the traffic to each version."""

    at: float
    environment: Environment
    percentages: Mapping[str, float]
    ramp: float


class WorldState(msgspec.Struct, frozen=True, kw_only=True):
    """All that a scenario's numbers depend on besides the time. ``changes`` are in order of time."""

    scenario: Scenario
    seed: int
    started: float
    changes: tuple[FlagChange, ...]


class FlagReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the flag says. ``version`` grows with every change. ``value`` is the version with most of the traffic."""

    flag: str
    environment: Environment
    value: str
    percentages: Mapping[str, float]
    version: int


def begin(scenario: Scenario, *, seed: int, started: float) -> WorldState:
    """The state at the start of the scenario: its releases, and nothing since."""
    changes = [
        FlagChange(
            at=started - release.before,
            environment=release.environment,
            percentages={release.version: 100.0},
            ramp=scenario.ramp,
        )
        for release in scenario.releases
    ]
    changes.sort(key=lambda change: change.at)
    return WorldState(scenario=scenario, seed=seed, started=started, changes=tuple(changes))


def read_flag(state: WorldState, environment: Environment) -> FlagReading:
    """The flag as it is set now; traffic may still be on its way there."""
    changes = _changes(state, environment)
    percentages = changes[-1].percentages
    return FlagReading(
        flag=state.scenario.flag,
        environment=environment,
        value=max(percentages, key=lambda version: percentages[version]),
        percentages=percentages,
        version=len(changes),
    )


def set_flag(
    state: WorldState, environment: Environment, percentages: Mapping[str, float], *, at: float
) -> WorldState:
    """The state after the flag was set at ``at``. Setting what is set already changes nothing.

    Raises ValueError for versions that do not exist and for percentages that do not add up to 100.
    """
    unknown = sorted(version for version in percentages if state.scenario.model(version) is None)
    if unknown:
        known = ", ".join(model.version for model in state.scenario.versions)
        raise ValueError(f"there is no version {unknown[0]}; there are {known}")
    if any(share < 0 for share in percentages.values()) or abs(sum(percentages.values()) - 100) > 1e-6:
        raise ValueError("percentages must not be negative and must add up to 100")
    wanted = {version: float(share) for version, share in percentages.items() if share > 0}
    if wanted == dict(read_flag(state, environment).percentages):
        return state
    change = FlagChange(at=at, environment=environment, percentages=wanted, ramp=state.scenario.ramp)
    return msgspec.structs.replace(state, changes=(*state.changes, change))


def shares(state: WorldState, environment: Environment, times: Floats) -> dict[str, Floats]:
    """Each version's share of the environment's traffic (0 to 1) at ``times`` (seconds since 1970)."""
    changes = _changes(state, environment)
    # the moments of change ride along: a ramp starts from what served at its own moment
    moments = np.concatenate([times, np.array([change.at for change in changes])])
    current = {model.version: np.zeros(len(moments)) for model in state.scenario.versions}
    for version, share in changes[0].percentages.items():
        current[version] += share / 100.0
    for number, change in enumerate(changes[1:], start=1):
        here = len(times) + number
        after = moments >= change.at
        progress = np.clip((moments - change.at) / max(change.ramp, 1e-9), 0.0, 1.0)
        for version, before in current.items():
            begun, wanted = before[here], change.percentages.get(version, 0.0) / 100.0
            current[version] = np.where(after, begun + (wanted - begun) * progress, before)
    return {version: values[: len(times)] for version, values in current.items()}


def _changes(state: WorldState, environment: Environment) -> Sequence[FlagChange]:
    return [change for change in state.changes if change.environment == environment]
