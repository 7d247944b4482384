"""The step ``compare`` with a test of drift: its words, and what it keeps."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Compare
from bot.runbooks.steps import measure
from tests.unit.steps.scene import SEEN, World, context, incident, step

DRIFT = Compare(source="evaluator", metric="amount", test="psi", min_effect=0.2, a="training", b="today")
BEFORE = [float(number % 100) for number in range(12_000)]
HIGHER = [float(number % 70 + 30) for number in range(9_800)]


async def measured(spec: Compare, evaluation: Any) -> ev.StepMeasured:
    world, the_step = World(), step(spec)
    world.evaluation = evaluation
    (found,) = await measure(context(incident(the_step, events=[SEEN]), world), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


def columns(a: list[Any], b: list[Any], **more: list[Any]) -> dict[str, Any]:
    return {"columns": {"a": a, "b": b + [None] * (len(a) - len(b)), **more}}


@pytest.mark.parametrize(
    ("test", "effect", "said"),
    [
        ("psi", 0.2, "PSI 2.2 (limit 0.2)"),
        ("ks", 0.1, "KS distance 0.3 (limit 0.1; p under 0.001)"),
        ("wasserstein", 0.1, "distance 0.52 standard deviations (limit 0.1; p 0.005)"),
    ],
)
async def test_a_drift_is_told_with_its_limit_and_both_sizes(test: Any, effect: float, said: str) -> None:
    found = await measured(replace(DRIFT, test=test, min_effect=effect), columns(BEFORE, HIGHER))
    assert found.verdict == "bad"
    assert found.because == f"amount moved, today against training: {said}, 9,800 against 12,000 rows"
    assert (found.n, found.evidence["test"], found.evidence["a_n"]) == (9_800, test, 12_000)


async def test_what_stayed_is_ok_and_says_so() -> None:
    found = await measured(replace(DRIFT, counts="payments"), columns(BEFORE, BEFORE))
    assert found.verdict == "ok"
    assert found.because == (
        "amount did not move enough to matter, today against training: "
        "PSI 0 (limit 0.2), 12,000 against 12,000 payments"
    )


async def test_categories_move_too_and_the_worst_slice_is_named() -> None:
    spec = replace(DRIFT, metric="channel", test="chi_square", min_effect=0.1, slices=("region",), signal="sampled")
    found = await measured(
        spec,
        columns(["card", "cash"] * 600, ["card"] * 600 + ["cash", "card"] * 300, region=["eu"] * 600 + ["us"] * 600),
    )
    assert found.verdict == "bad"
    assert found.because.startswith(
        "channel moved, today against training: Cramér's V 0.26 (limit 0.1; p under 0.001), "
    )
    assert "; most in eu: Cramér's V 0.58 (limit 0.1; p under 0.001); a sample was labelled" in found.because
    assert [cut["value"] for cut in found.evidence["slices"]] == ["eu", "us"]


async def test_with_too_few_rows_it_says_how_many_are_needed() -> None:
    found = await measured(DRIFT, columns(BEFORE[:300], HIGHER[:280]))
    assert found.verdict == "no_data"
    assert found.because == (
        "amount cannot be told yet, today against training: 280 against 300 rows, PSI needs 500 on each side"
    )
    assert found.evidence["needed_n"] == 500


async def test_a_drift_says_nothing_of_versions() -> None:
    found = await measured(DRIFT, columns(BEFORE, HIGHER))
    assert (found.running, found.target) == ("42", "41")


async def test_counts_and_words_are_not_what_it_takes() -> None:
    found = await measured(DRIFT, {"n": 5, "a": {"n": 5, "successes": 5}, "b": {"n": 5, "successes": 5}})
    assert (found.verdict, found.because) == ("no_data", "evaluator brings counts, and 'psi' needs rows")
    found = await measured(replace(DRIFT, test="ks"), columns(["card"], ["cash"]))
    assert (found.verdict, found.because.partition(":")[0]) == ("error", "cannot be measured")
