"""Running totals of what happened in the world: the past minute by minute, the present second by second.

The past (a week) is drawn minute by minute from the rates that the versions have; from twenty minutes before the
start on, every fraud is one that ``traffic`` can name, so that live numbers and the evaluator speak of the same
transactions. Nothing here depends on when it is asked: a ledger extended twice equals one extended once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.sandbox.world.chance import Floats, binomial, normal
from bot.sandbox.world.flags import WorldState, shares
from bot.sandbox.world.scenarios import DAY, ENVIRONMENTS, MINUTE, Environment, Scenario
from bot.sandbox.world.traffic import caught, frauds_between, recall_overall

PAST = 7 * DAY
LIVE_BEFORE = 20 * MINUTE
COARSE = 60

#: what is counted and for whom: an environment's predictions or "frauds", "caught" by version; "requests", "errors"
Key = tuple[str, str]


@dataclass(frozen=True)
class Ledger:
    """``totals[key][i]`` is the count up to ``ends[i]`` (whole seconds since 1970, ascending)."""

    ends: Floats
    totals: Mapping[Key, Floats]

    @property
    def until(self) -> int:
        """The second up to which everything is counted."""
        return int(self.ends[-1])


def past(state: WorldState) -> Ledger:
    """The week before the scenario, up to twenty minutes before its start."""
    stop = int(state.started - LIVE_BEFORE)
    starts = np.arange(stop - int(PAST), stop, COARSE, dtype=np.int64)
    starts = starts[starts + COARSE <= stop]
    middle = starts + COARSE / 2
    scenario = state.scenario
    counts = _traffic(state, starts, width=COARSE)
    for version, share in shares(state, "production", middle).items():
        model = scenario.model(version)
        if model is None:
            continue
        frauds = np.round(scenario.frauds_per_second * COARSE * share)
        counts["frauds", version] = frauds
        counts["caught", version] = binomial(
            state.seed, f"caught {version}", starts, n=frauds, p=recall_overall(model)
        )
    return Ledger((starts + COARSE).astype(np.float64), {key: np.cumsum(c) for key, c in counts.items()})


def extend(ledger: Ledger, state: WorldState, until: int) -> Ledger:
    """The ledger up to the second ``until``; itself where it already reaches so far."""
    first = ledger.until
    if until <= first:
        return ledger
    starts = np.arange(first, until, dtype=np.int64)
    counts = _traffic(state, starts, width=1) | _frauds(state, first, until)
    ends = np.concatenate([ledger.ends, (starts + 1).astype(np.float64)])
    totals = {
        key: np.concatenate([before, before[-1] + np.cumsum(counts[key])]) for key, before in ledger.totals.items()
    }
    return Ledger(ends, totals)


def load(scenario: Scenario, environment: Environment, times: Floats) -> Floats:
    """Predictions a second that the environment is asked for at ``times``: a gentle daily wave."""
    base = scenario.predictions_per_second if environment == "production" else scenario.staging_per_second
    result: Floats = base * (1.0 + 0.08 * np.sin(2.0 * np.pi * times / DAY))
    return result


def _traffic(state: WorldState, starts: NDArray[np.int64], *, width: int) -> dict[Key, Floats]:
    """Predictions, requests and errors of slots ``width`` seconds long."""
    middle = starts + width / 2
    counts: dict[Key, Floats] = {}
    for environment in ENVIRONMENTS:
        expected = load(state.scenario, environment, middle) * width
        asked = np.round(expected + np.sqrt(expected) * normal(state.seed, environment, starts))
        for version, share in shares(state, environment, middle).items():
            counts[environment, version] = np.round(np.maximum(asked, 0.0) * share)
        if environment == "production":
            counts["requests", ""] = np.maximum(asked, 0.0)
    expected = counts["requests", ""] * state.scenario.error_share
    failed = np.round(expected + np.sqrt(expected) * normal(state.seed, "errors", starts))
    counts["errors", ""] = np.clip(failed, 0.0, counts["requests", ""])
    return counts


def _frauds(state: WorldState, first: int, last: int) -> dict[Key, Floats]:
    """By version, the frauds that it met in each second and those that it caught."""
    frauds = frauds_between(state.seed, first, last, per_second=state.scenario.frauds_per_second)
    slot = frauds.second - first
    serving = shares(state, "production", np.arange(first, last) + 0.5)
    counts: dict[Key, Floats] = {}
    below = np.zeros(last - first)
    for version, share in serving.items():
        met = (frauds.route >= below[slot]) & (frauds.route < (below + share)[slot])
        below = below + share
        model = state.scenario.model(version)
        hit = met if model is None or not met.any() else met & caught(frauds, model)
        counts["frauds", version] = np.bincount(slot[met], minlength=last - first).astype(np.float64)
        counts["caught", version] = np.bincount(slot[hit], minlength=last - first).astype(np.float64)
    return counts
