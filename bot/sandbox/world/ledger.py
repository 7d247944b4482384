"""Running totals of what happened in the world: the past minute by minute, the present second by second.

The past (a week) is drawn minute by minute from the rates that the versions have; from forty minutes before the
start on, every fraud is one that ``traffic`` can name, so that live numbers and the evaluator speak of the same
transactions. Of seconds that are long ago only the full minutes are kept, and of those the last eight days, so a
ledger does not grow. Nothing here depends on when it is asked: a ledger extended twice equals one extended once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.sandbox.world.chance import Floats, binomial, normal
from bot.sandbox.world.flags import WorldState, shares
from bot.sandbox.world.scenarios import DAY, ENVIRONMENTS, MINUTE, Environment, Scenario
from bot.sandbox.world.traffic import caught, recall_overall
from bot.sandbox.world.trouble import blended, frauds_of

PAST = 7 * DAY
LIVE_BEFORE = 40 * MINUTE
COARSE = 60
#: how long seconds are kept, and minutes after them
FINE = 40 * MINUTE
KEPT = 8 * DAY

Window = tuple[NDArray[np.intp], NDArray[np.intp]]
#: what is counted and for whom: an environment's predictions or "frauds", "caught" by version; "requests", "errors"
Key = tuple[str, str]


@dataclass(frozen=True)
class Ledger:
    """``totals[key][i]`` is the count up to ``ends[i]`` (whole seconds since 1970, ascending)."""

    ends: Floats
    totals: Mapping[Key, Floats]
    _windows: dict[tuple[float, float], Window] = field(default_factory=dict, compare=False, repr=False)

    @property
    def until(self) -> int:
        """The second up to which everything is counted."""
        return int(self.ends[-1])

    def known_within(self, *, delay: float, window: float) -> Window:
        """For each end the indexes between which what became known in the ``window`` seconds before it was counted,
        if everything becomes known ``delay`` seconds late."""
        if (delay, window) not in self._windows:
            known = np.searchsorted(self.ends, self.ends - delay, side="right") - 1
            # in the coarse past a window is at least one slot
            oldest = np.searchsorted(self.ends, self.ends - delay - window, side="right") - 1
            oldest = np.minimum(oldest, known - 1)
            self._windows[delay, window] = np.maximum(oldest, 0), np.maximum(known, 0)
        return self._windows[delay, window]


def past(state: WorldState) -> Ledger:
    """The week before the scenario, up to the full minute forty minutes before its start."""
    stop = int((state.started - LIVE_BEFORE) // COARSE) * COARSE
    starts = np.arange(stop - int(PAST), stop, COARSE, dtype=np.int64)
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
    kept = _kept(ends, until)
    totals = {
        key: np.concatenate([before, before[-1] + np.cumsum(counts[key])])[kept]
        for key, before in ledger.totals.items()
    }
    return Ledger(ends[kept], totals)


def _kept(ends: Floats, until: int) -> NDArray[np.bool_]:
    """Which ends a ledger up to ``until`` has. Totals run on: leaving one out loses nothing but its moment."""
    minute = until // COARSE * COARSE
    kept: NDArray[np.bool_] = ((ends % COARSE == 0) & (ends > minute - KEPT)) | (ends > minute - FINE)
    return kept


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
    troubled = state.scenario.trouble.errors if state.scenario.trouble else 0.0
    failing = blended(state, middle, usual=state.scenario.error_share, troubled=troubled or None)
    expected = counts["requests", ""] * failing
    failed = np.round(expected + np.sqrt(expected) * normal(state.seed, "errors", starts))
    counts["errors", ""] = np.clip(failed, 0.0, counts["requests", ""])
    return counts


def _frauds(state: WorldState, first: int, last: int) -> dict[Key, Floats]:
    """By version, the frauds that it met in each second and those that it caught."""
    frauds = frauds_of(state, first, last)
    slot = frauds.second - first
    serving = shares(state, "production", np.arange(first, last) + 0.5)
    counts: dict[Key, Floats] = {}
    below, agreement = np.zeros(last - first), state.scenario.agreement
    for version, share in serving.items():
        met = (frauds.route >= below[slot]) & (frauds.route < (below + share)[slot])
        below = below + share
        model = state.scenario.model(version)
        hit = met if model is None or not met.any() else met & caught(frauds, model, agreement=agreement)
        counts["frauds", version] = np.bincount(slot[met], minlength=last - first).astype(np.float64)
        counts["caught", version] = np.bincount(slot[hit], minlength=last - first).astype(np.float64)
    return counts
