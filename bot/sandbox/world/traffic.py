"""The frauds among the transactions: who they are, which version judged them, and what every version would say.

A transaction is its number; its hidden truth, its attributes and each version's score follow from the number and
the seed. So two versions can be scored on the very same transactions, at any time, as a real evaluator does it.
Honest transactions only count as traffic and are not made one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from bot.sandbox.world.chance import Floats, normal, uniform
from bot.sandbox.world.scenarios import ModelVersion

#: attribute -> its values and how common each is among frauds
ATTRIBUTES: Mapping[str, Mapping[str, float]] = {
    "query_type": {"card-present": 0.35, "card-not-present": 0.45, "transfer": 0.20},
    "region": {"europe": 0.5, "americas": 0.3, "asia-pacific": 0.2},
}
#: a fraud scored at least this high is caught
THRESHOLD = 0.5
#: numbers of transactions set aside for each second
_PER_SECOND = 1024


@dataclass(frozen=True)
class Frauds:
    """Frauds in order of time. All arrays are equally long.

    ``second`` is when each happened (whole seconds since 1970); ``route`` decides between 0 and 1 which version it
    meets; ``harder`` is by how many standard deviations it is harder to see than usual, for every version alike.
    """

    seed: int
    number: NDArray[np.int64]
    second: NDArray[np.int64]
    route: Floats
    harder: Floats

    def __len__(self) -> int:
        return len(self.number)

    def last(self, count: int) -> Frauds:
        """The ``count`` latest of them."""
        return self.where(np.arange(len(self)) >= len(self) - count)

    def where(self, keep: NDArray[np.bool_]) -> Frauds:
        """Those for which ``keep`` holds."""
        return Frauds(
            seed=self.seed,
            number=self.number[keep],
            second=self.second[keep],
            route=self.route[keep],
            harder=self.harder[keep],
        )

    def being(self, attribute: str, value: str) -> NDArray[np.bool_]:
        """Which of them have ``value`` for ``attribute``. Raises KeyError for an unknown attribute."""
        found: NDArray[np.bool_] = self.attribute(attribute) == list(ATTRIBUTES[attribute]).index(value)
        return found

    def attribute(self, name: str) -> NDArray[np.intp]:
        """The index of each one's value in ``ATTRIBUTES[name]``. Raises KeyError for an unknown attribute."""
        return _pick(uniform(self.seed, name, self.number), list(ATTRIBUTES[name].values()))


def frauds_between(seed: int, first: int, last: int, *, per_second: float) -> Frauds:
    """The frauds of the seconds ``first`` (included) to ``last`` (excluded)."""
    seconds = np.arange(first, last, dtype=np.int64)
    spread = 0.5 * per_second**0.5 * normal(seed, "how many", seconds)
    counts = np.clip(np.round(per_second + spread), 0, min(_PER_SECOND, 2 * per_second)).astype(np.int64)
    second = np.repeat(seconds, counts)
    within = np.arange(len(second)) - np.repeat(np.cumsum(counts) - counts, counts)
    number = second * _PER_SECOND + within
    return Frauds(
        seed=seed,
        number=number,
        second=second,
        route=uniform(seed, "route", number),
        harder=np.zeros(len(number)),
    )


def scores(frauds: Frauds, model: ModelVersion, *, agreement: float) -> Floats:
    """What ``model`` scores each fraud, 0 to 1. ``agreement`` is the correlation of two versions' scores.

    Over many frauds that are no harder than usual its recall by query type is what the scenario says.
    """
    hard = normal(frauds.seed, "how hard", frauds.number)
    own = normal(frauds.seed, f"version {model.version}", frauds.number)
    difficulty = agreement**0.5 * hard + (1.0 - agreement) ** 0.5 * own + frauds.harder
    ability = np.array([NormalDist().inv_cdf(model.recall[name]) for name in ATTRIBUTES["query_type"]])
    result: Floats = 1.0 / (1.0 + np.exp(-2.0 * (ability[frauds.attribute("query_type")] - difficulty)))
    return result


def caught(frauds: Frauds, model: ModelVersion, *, agreement: float) -> NDArray[np.bool_]:
    """Which frauds ``model`` catches."""
    result: NDArray[np.bool_] = scores(frauds, model, agreement=agreement) >= THRESHOLD
    return result


def recall_overall(model: ModelVersion) -> float:
    """The share of all frauds that ``model`` catches in the long run."""
    return sum(model.recall[name] * share for name, share in ATTRIBUTES["query_type"].items())


def _pick(chance: Floats, weights: Sequence[float]) -> NDArray[np.intp]:
    return np.searchsorted(np.cumsum(weights)[:-1], chance, side="right")
