"""Whether it is as good as before is said only once the whole interval says so, however often one looks."""

from __future__ import annotations

import random

import pytest

from bot.runbooks.equivalence import Tallied, judged, with_look
from bot.runbooks.schema import Query

RECALL = Query(source="p", name="recall", counts="confirmed frauds", better="higher", min_effect=0.02)
LATENCY = Query(source="p", name="latency", unit="s", better="lower", min_effect=0.1)


def looked(query: Query, readings: list[tuple[float, int | None]], *, baseline: float) -> tuple[str, str]:
    tallied = Tallied()
    for value, n in readings:
        tallied = with_look(tallied, value=value, n=n, baseline=baseline, disjoint=True)
    found = judged(query, tallied, looks=144)
    assert found is not None
    return found


def test_a_handful_of_cases_is_not_enough_to_say_so() -> None:
    verdict, said = looked(RECALL, [(0.84, 12)], baseline=0.84)
    assert verdict == "open"
    assert said == (
        "whether Recall is no worse than before by more than 2 points cannot be told yet "
        "(12 confirmed frauds, at least 30)"
    )


def test_many_cases_as_before_are_no_worse_and_the_sentence_says_interval_and_number() -> None:
    verdict, said = looked(RECALL, [(0.84, 500)] * 40, baseline=0.84)
    assert verdict == "not_worse"
    assert said.startswith("Recall is no worse than before by more than 2 points (95 % at every look: -")
    assert said.endswith(" points, 20,000 confirmed frauds)")
    assert "significant" not in said


def test_what_lies_near_the_margin_cannot_be_told_yet() -> None:
    assert looked(RECALL, [(0.83, 200)] * 5, baseline=0.84)[0] == "open"


def test_what_is_worse_is_called_so() -> None:
    verdict, said = looked(RECALL, [(0.71, 500)] * 10, baseline=0.84)
    assert verdict == "worse"
    assert said.startswith("Recall is worse than before by more than 2 points (95 % at every look: -1")


def test_where_looks_overlap_the_newest_reading_stands_for_all() -> None:
    tallied = Tallied()
    for _ in range(10):
        tallied = with_look(tallied, value=0.84, n=412, baseline=0.84, disjoint=False)
    assert (tallied.n, round(tallied.total)) == (412, 346)


def test_looks_that_are_alike_count_less_than_looks_that_are_not() -> None:
    chance = random.Random(1)  # noqa: S311
    alone = [0.2 + chance.gauss(0, 0.05) for _ in range(100)]
    alike, level = [], 0.0
    for _ in range(100):
        level = 0.9 * level + chance.gauss(0, 0.05 * 0.436)
        alike.append(0.2 + level)

    def width(values: list[float]) -> float:
        said = looked(LATENCY, [(value, None) for value in values], baseline=0.2)[1]
        low, high = said.partition("look: ")[2].partition(" s,")[0].split(" to ")
        return float(high) - float(low)

    assert width(alike) > 1.5 * width(alone)


def test_without_a_baseline_or_a_direction_nothing_is_said() -> None:
    assert judged(RECALL, Tallied(cases=True, n=100, total=84, squares=84), looks=144) is None
    no_direction = Query(source="p", bad="value > 1")
    assert judged(no_direction, Tallied(n=100, total=84, squares=84, baseline=0.8), looks=144) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_day_of_quiet_looks_is_never_called_worse(seed: int) -> None:
    """A test repeated at each look would raise a false alarm in a third of all days."""
    chance = random.Random(seed)  # noqa: S311
    called = 0
    for _ in range(40):
        tallied = Tallied()
        for _ in range(96):
            hits = sum(chance.random() < 0.84 for _ in range(60))
            tallied = with_look(tallied, value=hits / 60, n=60, baseline=0.84, disjoint=True)
            found = judged(RECALL, tallied, looks=96)
            if found is not None and found[0] == "worse":
                called += 1
                break
    assert called <= 4


def test_beside_the_reading_neither_the_metric_nor_its_number_is_said_again() -> None:
    tallied = with_look(Tallied(), value=0.84, n=20_000, baseline=0.84, disjoint=False)
    found = judged(RECALL, tallied, looks=144, beside="Recall 0.84, was 0.84 · 20,000 confirmed frauds")
    assert found is not None
    assert found[1].startswith("it is no worse than before by more than 2 points (95 % at every look: -")
    assert found[1].endswith(" points)")
