"""The evaluator: two versions of the model scored on the same recently confirmed frauds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.sandbox.world.flags import WorldState
from bot.sandbox.world.scenarios import ModelVersion, Scenario
from bot.sandbox.world.traffic import ATTRIBUTES, caught
from bot.sandbox.world.trouble import frauds_of


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """``successes`` out of ``n`` for one version."""

    n: int
    successes: int


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """How many frauds both versions caught, only one, or neither."""

    both: int
    only_a: int
    only_b: int
    neither: int


class EvaluatedSlice(msgspec.Struct, frozen=True, kw_only=True):
    """The same counts for one part of the frauds."""

    n: int
    paired: Pairs
    a: Rate
    b: Rate


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. ``a`` and ``b`` count without the pairing; ``versions`` says which versions they are.

    ``counts`` is what one case is; ``labels_age_seconds`` the age of the newest outcome; ``window`` the first and
    the last second of the transactions; ``slices`` are by attribute and its value.
    """

    service: str
    metric: str
    versions: Mapping[str, str]
    n: int
    counts: str
    labels_age_seconds: float
    window: tuple[int, int]
    paired: Pairs
    a: Rate
    b: Rate
    slices: Mapping[str, Mapping[str, EvaluatedSlice]]
    synthetic: bool = True


class EvaluationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the evaluator. ``slices`` are names of attributes."""

    service: str
    a: str
    b: str
    metric: str = "recall"
    slices: tuple[str, ...] = ()


def evaluate_versions(state: WorldState, request: EvaluationRequest, *, now: float) -> Evaluation:
    """Score both versions on the latest frauds whose outcome is known at ``now``.

    Raises ValueError for a service, version, metric or slice that the world does not have.
    """
    scenario = state.scenario
    a, b = _versions(scenario, request)
    last = int(now - scenario.label_delay)
    # half as many seconds again as should be enough, for seconds with few frauds
    first = last - int(1.5 * scenario.evaluation_set / scenario.frauds_per_second) - 1
    frauds = frauds_of(state, first, last).last(scenario.evaluation_set)
    hits = caught(frauds, a, agreement=scenario.agreement), caught(frauds, b, agreement=scenario.agreement)
    everything = np.ones(len(frauds), dtype=bool)
    return Evaluation(
        service=scenario.service,
        metric=request.metric,
        versions={"a": a.version, "b": b.version},
        n=len(frauds),
        counts="frauds",
        labels_age_seconds=scenario.label_delay,
        window=(int(frauds.second[0]), int(frauds.second[-1])),
        paired=_pairs(*hits, everything),
        a=_rate(hits[0], everything),
        b=_rate(hits[1], everything),
        slices={
            name: {value: _slice(hits, frauds.being(name, value)) for value in ATTRIBUTES[name]}
            for name in request.slices
        },
    )


def _versions(scenario: Scenario, request: EvaluationRequest) -> tuple[ModelVersion, ModelVersion]:
    """The two versions; ValueError for anything in the request that the world does not have."""
    a, b = scenario.model(request.a), scenario.model(request.b)
    if request.service != scenario.service:
        raise ValueError(f"there is no service {request.service!r}; there is {scenario.service}")
    if a is None or b is None:
        known = ", ".join(model.version for model in scenario.versions)
        missing = request.a if a is None else request.b
        raise ValueError(f"there is no version {missing!r}; there are {known}")
    if request.metric != "recall":
        raise ValueError(f"the metric {request.metric!r} is not evaluated; recall is")
    unknown = [name for name in request.slices if name not in ATTRIBUTES]
    if unknown:
        raise ValueError(f"there is no slice {unknown[0]!r}; there are {', '.join(ATTRIBUTES)}")
    return a, b


Hits = NDArray[np.bool_]


def _slice(hits: Sequence[Hits], within: Hits) -> EvaluatedSlice:
    a, b = hits
    return EvaluatedSlice(
        n=int(within.sum()),
        paired=_pairs(a, b, within),
        a=_rate(a, within),
        b=_rate(b, within),
    )


def _pairs(a: Hits, b: Hits, within: Hits) -> Pairs:
    return Pairs(
        both=int((a & b & within).sum()),
        only_a=int((a & ~b & within).sum()),
        only_b=int((~a & b & within).sum()),
        neither=int((~a & ~b & within).sum()),
    )


def _rate(hits: Hits, within: Hits) -> Rate:
    return Rate(n=int(within.sum()), successes=int((hits & within).sum()))
