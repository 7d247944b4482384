"""What the flags say: which version serves in an environment, which source answers, and the traffic that follows.

Replicas take a change over one after another, so traffic follows in a ramp. A change made while another is still
rolling starts from what served at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bot.sandbox.world.chance import Floats
from bot.sandbox.world.scenarios import ENVIRONMENTS, Environment, Scenario


class FlagChange(msgspec.Struct, frozen=True, kw_only=True):
    """From ``at`` (seconds since 1970) on the flag sends ``percentages`` of the traffic to each of its options."""

    at: float
    flag: str
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
    """What the flag says. ``version`` grows with every change. ``value`` is the option with most of the traffic."""

    flag: str
    environment: Environment
    value: str
    percentages: Mapping[str, float]
    version: int


def begin(scenario: Scenario, *, seed: int, started: float) -> WorldState:
    """The state at the start of the scenario: its releases, its switches as they always stood, nothing since."""
    changes = [
        FlagChange(
            at=started - release.before,
            flag=scenario.flag,
            environment=release.environment,
            percentages={release.version: 100.0},
            ramp=scenario.ramp,
        )
        for release in scenario.releases
    ]
    oldest = min(change.at for change in changes)
    changes += [
        FlagChange(
            at=oldest,
            flag=switch.name,
            environment=environment,
            percentages={switch.options[0]: 100.0},
            ramp=scenario.ramp,
        )
        for switch in scenario.switches
        for environment in ENVIRONMENTS
    ]
    changes.sort(key=lambda change: change.at)
    return WorldState(scenario=scenario, seed=seed, started=started, changes=tuple(changes))


def places(scenario: Scenario, flag: str) -> tuple[Environment, ...]:
    """The environments in which there is a flag called ``flag``: all, if there is one at all."""
    return ENVIRONMENTS if scenario.options(flag) else ()


def read_flag(state: WorldState, environment: Environment, *, flag: str | None = None) -> FlagReading:
    """The flag (the model's, where none is named) as it is set now; traffic may still be on its way there."""
    name = state.scenario.flag if flag is None else flag
    changes = _changes(state, environment, name)
    percentages = changes[-1].percentages
    return FlagReading(
        flag=name,
        environment=environment,
        value=max(percentages, key=lambda option: percentages[option]),
        percentages=percentages,
        version=len(changes),
    )


def set_flag(
    state: WorldState,
    environment: Environment,
    percentages: Mapping[str, float],
    *,
    at: float,
    flag: str | None = None,
) -> WorldState:
    """The state after the flag was set at ``at``. Setting what is set already changes nothing.

    Raises ValueError for options that do not exist and for percentages that do not add up to 100.
    """
    name = state.scenario.flag if flag is None else flag
    unknown = sorted(set(percentages) - set(state.scenario.options(name)))
    if unknown:
        kind = "version" if name == state.scenario.flag else f"option of {name}"
        raise ValueError(f"there is no {kind} {unknown[0]}; there are {', '.join(state.scenario.options(name))}")
    if any(share < 0 for share in percentages.values()) or abs(sum(percentages.values()) - 100) > 1e-6:
        raise ValueError("percentages must not be negative and must add up to 100")
    wanted = {option: float(share) for option, share in percentages.items() if share > 0}
    if wanted == dict(read_flag(state, environment, flag=name).percentages):
        return state
    change = FlagChange(at=at, flag=name, environment=environment, percentages=wanted, ramp=state.scenario.ramp)
    return msgspec.structs.replace(state, changes=(*state.changes, change))


def shares(
    state: WorldState, environment: Environment, times: Floats, *, flag: str | None = None
) -> dict[str, Floats]:
    """Each option's share of the environment's traffic (0 to 1) at ``times`` (seconds since 1970)."""
    name = state.scenario.flag if flag is None else flag
    changes = _changes(state, environment, name)
    # the moments of change ride along: a ramp starts from what served at its own moment
    moments = np.concatenate([times, np.array([change.at for change in changes])])
    current = {option: np.zeros(len(moments)) for option in state.scenario.options(name)}
    for option, share in changes[0].percentages.items():
        current[option] += share / 100.0
    for number, change in enumerate(changes[1:], start=1):
        here = len(times) + number
        after = moments >= change.at
        progress = np.clip((moments - change.at) / max(change.ramp, 1e-9), 0.0, 1.0)
        for option, before in current.items():
            begun, wanted = before[here], change.percentages.get(option, 0.0) / 100.0
            current[option] = np.where(after, begun + (wanted - begun) * progress, before)
    return {option: values[: len(times)] for option, values in current.items()}


def _changes(state: WorldState, environment: Environment, flag: str) -> Sequence[FlagChange]:
    return [change for change in state.changes if change.environment == environment and change.flag == flag]
