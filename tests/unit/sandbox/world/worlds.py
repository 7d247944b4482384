"""A world with a clock that is set by hand, and how it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.world import SCENARIOS, World
from bot.sandbox.world.evaluations import EvaluationRequest
from bot.sandbox.world.promql.answers import instant_query, range_query
from bot.statistics import PairedCounts, paired
from bot.statistics.counts import Comparison

START = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        """Later by this much."""
        self.at += timedelta(seconds=seconds)


def new_world(scenario: str = "fraud-recall-drop", *, seed: int = 7) -> tuple[World, Clock]:
    """A scenario, just begun."""
    clock = Clock()
    return World(SCENARIOS[scenario], seed=seed, clock=clock), clock


def ask(world: World, promql: str) -> dict[str, float]:
    """The instant vector now: version (or all labels, where there is none) -> value."""
    status, body = instant_query({"query": promql}, world, now=world.now())
    assert status == 200, body
    return {
        row["metric"].get("version", str(row["metric"])): float(row["value"][1]) for row in body["data"]["result"]
    }


def one(world: World, promql: str) -> float:
    """The only value of the instant vector now."""
    (value,) = ask(world, promql).values()
    return value


def compared(world: World, *, a: str = "41", b: str = "42") -> Comparison:
    """What the bot makes of the evaluator's answer about two versions."""
    pairs = world.evaluate(EvaluationRequest(service="fraud-scorer", a=a, b=b)).paired
    counts = PairedCounts(both=pairs.both, only_a=pairs.only_a, only_b=pairs.only_b, neither=pairs.neither)
    return paired(counts, better="higher", min_effect=0.02)


def ask_range(world: World, promql: str, *, back: float, step: float) -> list[dict[str, Any]]:
    """The matrix of the last ``back`` seconds."""
    now = world.now()
    status, body = range_query({"query": promql, "start": str(now - back), "end": str(now), "step": str(step)}, world)
    assert status == 200, body
    found: list[dict[str, Any]] = body["data"]["result"]
    return found
