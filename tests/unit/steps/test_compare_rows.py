"""A comparison of rows: what is left out, what counts, which words people read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Compare
from bot.runbooks.steps import measure
from tests.unit.steps.scene import NOW, SEEN, World, context, incident, step

PAIRS = Compare(source="evaluator", metric="recall", name="last_good", test="paired", counts="frauds")


async def measured(spec: Compare, evaluation: Any) -> ev.StepMeasured:
    world, the_step = World(), step(spec)
    world.evaluation = evaluation
    (found,) = await measure(context(incident(the_step, events=[SEEN]), world), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


def rows(n: int, *, b: list[Any], a: list[Any] | None = None, **columns: list[Any]) -> dict[str, Any]:
    return {"columns": {"a": a or [1] * n, "b": b, **columns}}


async def test_rows_of_right_and_wrong_are_judged_as_counts_are() -> None:
    channels = ["card", "transfer"] * 1000
    found = await measured(replace(PAIRS, slices=("channel",)), rows(2000, b=[1, 1, 1, 0] * 500, channel=channels))
    assert found.verdict == "bad"
    assert found.because == (
        "v42 against v41, same 2,000 frauds: -25.0 points (95 %: -26.9 to -23.1); worst slice: transfer"
    )
    assert (found.n, [cut["verdict"] for cut in found.evidence["slices"]]) == (2000, ["ok", "bad"])


async def test_rows_that_were_left_out_are_told() -> None:
    ids = [*range(990), *range(10)]
    found = await measured(PAIRS, rows(1000, b=[1, 1, 1, None] * 250, id=ids))
    assert found.verdict == "ok"
    assert found.because.endswith("; left out: 250 without a value or label, 5 repeated")
    assert found.evidence["left_out"] == {"incomplete": 250, "repeated": 5}


async def test_recall_counts_frauds_and_not_requests() -> None:
    evaluation = rows(2000, b=[1] * 2000, label=[1] * 60 + [0] * 1940)
    found = await measured(PAIRS, evaluation)
    assert (found.verdict, found.because) == ("no_data", "v42 against v41: only 60 frauds, 100 are needed")
    assert (await measured(replace(PAIRS, metric="accuracy"), evaluation)).verdict == "ok"


async def test_the_source_says_what_its_rows_are_unless_the_runbook_does() -> None:
    evaluation = {**rows(300, b=[1] * 300), "counts": "chargebacks"}
    assert "same 300 chargebacks" in (await measured(replace(PAIRS, counts=""), evaluation)).because
    assert "same 300 frauds" in (await measured(PAIRS, evaluation)).because


async def test_rows_of_one_user_are_one_opinion() -> None:
    users = [number // 50 for number in range(1000)]
    unlucky = [0 if number < 100 else 1 for number in range(1000)]
    alone = await measured(PAIRS, rows(1000, b=unlucky))
    found = await measured(replace(PAIRS, cluster="user"), rows(1000, b=unlucky, user=users))
    assert (alone.verdict, found.verdict) == ("bad", "inconclusive")
    assert found.because.startswith("v42 against v41, same 1,000 frauds in 20 clusters by user: -10.0 points (95 %: ")
    assert found.because.endswith(" more frauds would settle it")


async def test_sampled_rows_count_for_as_many_as_they_stand_for() -> None:
    right = [1] * 900 + [0] * 100
    weights = [1.0] * 900 + [0.1] * 100
    found = await measured(replace(PAIRS, weights="weight"), rows(1000, b=right, weight=weights))
    assert found.verdict == "ok"
    assert found.because.startswith("v42 against v41, same 1,000 frauds, weighted: -1.1 points (95 %: -1.4 to -0.8)")


async def test_a_latency_is_told_in_its_unit() -> None:
    before, slower = [100.0 + number % 97 for number in range(3000)], [130.0 + number % 97 for number in range(3000)]
    spec = replace(
        PAIRS, metric="latency", test="bootstrap", statistic="p95", better="lower", min_effect=10, unit="ms",
        counts="requests", signal="sampled",
    )  # fmt: skip
    found = await measured(spec, rows(3000, a=before, b=slower))
    assert found.verdict == "bad"
    assert found.because == (
        "v42 against v41, 3,000 against 3,000 requests: "
        "p95 221 ms, was 191 ms, +30 ms (95 %: +29 to +31); a sample was labelled"
    )


async def test_a_score_that_is_higher_more_seldom_says_how_often() -> None:
    spec = replace(PAIRS, metric="score", test="mann_whitney", min_effect=0.05, counts="answers")
    found = await measured(spec, rows(400, a=[3.0, 4.0] * 200, b=[2.0, 4.0, 3.0, 2.0] * 100))
    assert found.verdict == "bad"
    assert found.because == (
        "v42 against v41, 400 against 400 answers: "
        "higher in 25.0 % of pairs (95 %: 21.8 to 28.2); median 2.5, was 3.5"
    )


async def test_rows_whose_labels_are_too_young_are_no_data_until_enough_of_them_are_old() -> None:
    spec = replace(PAIRS, label_delay=6 * 3600.0)
    at = [(NOW - timedelta(hours=7 if number < 60 else 4)).isoformat() for number in range(200)]
    found = await measured(spec, rows(200, b=[1] * 200, at=at))
    assert found.verdict == "no_data"
    assert found.because == "140 of the labels are younger than 6 h: no data until 2026-11-21T05:06:00Z"
    assert found.again_at == NOW + timedelta(hours=2)


async def test_rows_that_are_old_enough_are_compared_without_the_young_ones() -> None:
    spec = replace(PAIRS, label_delay=6 * 3600.0)
    at = [(NOW - timedelta(hours=7 if number < 500 else 4)).isoformat() for number in range(600)]
    found = await measured(spec, rows(600, b=[1] * 600, at=at))
    assert (found.verdict, found.n) == ("ok", 500)
    assert found.because.endswith("; left out: 100 too young")


@pytest.mark.parametrize(
    ("evaluation", "because"),
    [
        ({"columns": {"a": [1, 2], "b": [1]}}, "the columns are not equally long"),
        ({"columns": {"a": ["x"], "b": [1]}}, "a number was expected"),
        ({"columns": {"a": [1]}}, "the rows need the columns 'a' and 'b'"),
        ({"rows": [{"a": 1, "b": 0, "id": {}}]}, "are texts or numbers"),
        ({"rows": [1, 2]}, "these rows cannot be read"),
        ({"columns": {"a": [0.5], "b": [1]}}, "are of rows that are 0 or 1"),
    ],
)
async def test_rows_that_are_none_are_an_error_with_a_sentence(evaluation: Any, because: str) -> None:
    found = await measured(replace(PAIRS, test="two_proportions"), evaluation)
    assert found.verdict == "error"
    assert because in found.because
