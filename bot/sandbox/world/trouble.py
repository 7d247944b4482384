"""What the scenario's trouble outside of the model does at a time, and to whom."""

from __future__ import annotations

import dataclasses

import numpy as np

from bot.sandbox.world.chance import Floats, uniform
from bot.sandbox.world.flags import WorldState, shares
from bot.sandbox.world.traffic import Frauds, frauds_between


def presence(state: WorldState, times: Floats) -> Floats:
    """The share of production's requests (0 to 1) that the trouble reaches at ``times`` (seconds since 1970)."""
    trouble = state.scenario.trouble
    if trouble is None:
        return np.zeros(len(times))
    through = shares(state, "production", times, flag=trouble.switch)[trouble.value]
    return np.where(times >= state.started - trouble.before, through, 0.0)


def blended(state: WorldState, times: Floats, *, usual: float, troubled: float | None) -> Floats:
    """A quantity at ``times`` that is ``usual``, and ``troubled`` where the trouble reaches every request."""
    if troubled is None:
        return np.full(len(times), usual)
    return usual + presence(state, times) * (troubled - usual)


def frauds_of(state: WorldState, first: int, last: int) -> Frauds:
    """The frauds of the seconds ``first`` (included) to ``last`` (excluded), as hard to see as they were then."""
    frauds = frauds_between(state.seed, first, last, per_second=state.scenario.frauds_per_second)
    trouble = state.scenario.trouble
    if trouble is None or not trouble.handicap:
        return frauds
    reached = presence(state, np.arange(first, last) + 0.5)[frauds.second - first]
    hurt = np.zeros(len(frauds), dtype=bool)
    for feature, share in trouble.missing.items():
        hurt |= uniform(state.seed, f"no {feature}", frauds.number) < share * reached
    return dataclasses.replace(frauds, harder=np.where(hurt, trouble.handicap, 0.0))
