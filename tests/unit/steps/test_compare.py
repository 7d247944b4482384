from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.errors import SourceUnavailable
from bot.incidents import events as ev
from bot.runbooks.schema import Compare, Registered
from bot.runbooks.steps import measure
from tests.unit.steps.scene import NOW, ROLLBACK, SEEN, World, approved, computed, context, incident, step

LAST_GOOD = Compare(
    source="evaluator", metric="recall", name="last_good", test="paired", slices=("query_type",), counts="frauds"
)


def pairs(both: int, only_a: int, only_b: int, neither: int) -> dict[str, Any]:
    n = both + only_a + only_b + neither
    return {
        "n": n, "paired": {"both": both, "only_a": only_a, "only_b": only_b, "neither": neither},
        "a": {"n": n, "successes": both + only_a}, "b": {"n": n, "successes": both + only_b},
    }  # fmt: skip


WORSE = {
    **pairs(2200, 471, 159, 350), "metric": "recall", "labels_age_seconds": 6 * 3600.0,
    "slices": {
        "query_type": {"card-not-present": pairs(800, 400, 60, 170), "card-present": pairs(1400, 71, 99, 180)},
        "other": {"x": pairs(1, 1, 1, 1)},
    },
}  # fmt: skip


async def measured(
    spec: Compare, evaluation: Any, *, seen: ev.VersionsSeen = SEEN, compute: Any = computed
) -> ev.StepMeasured:
    world, the_step = World(), step(spec)
    world.evaluation = evaluation
    (found,) = await measure(context(incident(the_step, events=[seen]), world, compute=compute), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


async def test_a_worse_version_is_told_with_its_interval_and_its_worst_slice() -> None:
    found = await measured(LAST_GOOD, WORSE)
    assert found.verdict == "bad"
    assert found.because == (
        "v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.3 to -8.3); worst slice: card-not-present"
    )
    assert (found.n, found.running, found.target) == (3180, "42", "41")
    assert found.value == pytest.approx(-0.0981, abs=1e-4)
    assert [cut["value"] for cut in found.evidence["slices"]] == ["card-not-present", "card-present"]


async def test_a_candidate_of_a_training_is_named_by_its_alias() -> None:
    candidate = replace(LAST_GOOD, a="{{ registry.version('fraud', 'challenger') }}")
    world, the_step = World(), step(candidate)
    world.evaluation = WORSE
    head = incident(the_step, events=[replace(SEEN, aliases={"champion": "42", "challenger": "44"})])
    assert head.runbook is not None
    head = replace(head, runbook=replace(head.runbook, registry=Registered(registry="models", name="fraud")))
    (found,) = await measure(context(head, world), the_step)
    assert isinstance(found, ev.StepMeasured)
    assert found.because.startswith("v42 against v44, same 3,180 frauds")
    assert found.target == "44"
    gone = replace(head, versions=replace(head.versions, aliases={})) if head.versions else head
    (missing,) = await measure(context(gone, world), the_step)
    assert isinstance(missing, ev.StepMeasured)
    assert (missing.verdict, "calls no version of fraud 'challenger'" in missing.because) == ("error", True)


async def test_two_versions_that_are_equally_good_say_that_going_back_would_not_help() -> None:
    found = await measured(LAST_GOOD, pairs(4000, 90, 95, 1815))
    assert found.verdict == "ok"
    assert found.because == (
        "v42 against v41, same 6,000 frauds: +0.1 points (95 %: -0.4 to +0.5); v41 would do no better"
    )


async def test_where_only_one_slice_is_worse_going_back_would_not_help_over_all() -> None:
    slices = {"query_type": {"transfer": pairs(100, 60, 5, 15), "card-present": pairs(3900, 30, 90, 1800)}}
    found = await measured(LAST_GOOD, {**pairs(4000, 90, 95, 1815), "slices": slices})
    assert found.verdict == "ok"
    assert found.because.endswith("; worst slice: transfer; v41 would do no better over all")


async def test_separate_samples_say_both_sizes() -> None:
    evaluation = {"n": 2300, "a": {"n": 1100, "successes": 1000}, "b": {"n": 1200, "successes": 980}}
    found = await measured(replace(LAST_GOOD, test="two_proportions"), evaluation)
    assert found.because.startswith("v42 against v41, 1,200 against 1,100 frauds: -9.2 points (95 %: -12.0 to -6.5)")


async def test_what_cannot_be_told_says_how_many_cases_would_settle_it() -> None:
    found = await measured(LAST_GOOD, pairs(200, 15, 9, 40))
    assert found.verdict == "inconclusive"
    assert found.because.startswith("v42 against v41, same 264 frauds: -2.3 points (95 %: ")
    assert found.because.endswith(" frauds would settle it")


async def test_too_few_cases_are_no_data() -> None:
    found = await measured(LAST_GOOD, pairs(50, 10, 1, 1))
    assert (found.verdict, found.because) == ("no_data", "v42 against v41: only 62 frauds, 100 are needed")


async def test_labels_that_are_too_young_are_no_data_until_then_and_it_is_compared_again() -> None:
    spec = replace(LAST_GOOD, label_delay=6 * 3600.0)
    found = await measured(spec, {**WORSE, "labels_age_seconds": 4 * 3600.0})
    assert found.verdict == "no_data"
    assert found.because == "labels are 4 h old and need 6 h: no data until 2026-11-21T05:06:00Z"
    assert found.again_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("seen", "because"),
    [
        (ev.VersionsSeen(running="42", because="Nothing to go back to is known"), "Nothing to go back to is known"),
        (ev.VersionsSeen(running="42"), "the target version is not known"),
        (ev.VersionsSeen(running="42", target="v42"), "v42 serves already; nothing to compare"),
    ],
)
async def test_without_two_versions_there_is_nothing_to_compare(seen: ev.VersionsSeen, because: str) -> None:
    found = await measured(LAST_GOOD, WORSE, seen=seen)
    assert (found.verdict, found.because) == ("no_data", because)


async def test_after_the_rollback_there_is_nothing_to_compare() -> None:
    comparison = step(LAST_GOOD, "versions")
    done = [*approved(), ev.ActionConfirmed(step="it", attempt=1, share=1.0)]
    head = incident(comparison, step(ROLLBACK), events=done)
    world = World()
    (found,) = await measure(context(head, world), comparison)
    assert isinstance(found, ev.StepMeasured)
    assert (found.verdict, found.because) == ("no_data", "v41 serves already; nothing to compare")
    assert world.asked == []


async def test_a_comparison_that_names_one_version_twice_is_told() -> None:
    found = await measured(replace(LAST_GOOD, a="v40", b="40"), WORSE)
    assert (found.verdict, found.because) == ("no_data", "v40 would be compared with itself")


@pytest.mark.parametrize(
    ("evaluation", "because"),
    [
        ({"n": 5}, "cannot be measured: "),
        ({"n": "x"}, "evaluator answered nonsense: "),
        (httpx.Response(200, text="<html>"), "evaluator answered nonsense: not JSON"),
        (httpx.Response(400, json={"error": "no version 39"}), "evaluator refused (400): no version 39"),
        (httpx.ReadTimeout("slow"), "evaluator did not answer within 10 s"),
    ],
)
async def test_what_goes_wrong_is_an_error_with_a_sentence(evaluation: Any, because: str) -> None:
    found = await measured(LAST_GOOD, evaluation)
    assert found.verdict == "error"
    assert found.because.startswith(because)


async def test_a_crash_of_the_process_that_computes_is_an_error() -> None:
    async def crash(*_: object) -> None:
        raise SourceUnavailable("the process that computes statistics ended unexpectedly")

    found = await measured(LAST_GOOD, WORSE, compute=crash)
    assert (found.verdict, found.because) == ("error", "the process that computes statistics ended unexpectedly")


@pytest.mark.parametrize(
    ("spec", "because"),
    [
        (replace(LAST_GOOD, test="mann_whitney"), "evaluator brings counts, and 'mann_whitney' needs rows"),
        (replace(LAST_GOOD, test="bootstrap", statistic="p95"), "evaluator brings counts, and 'p95' needs rows"),
        (replace(LAST_GOOD, cluster="user"), "evaluator brings counts, and 'cluster' needs rows"),
        (replace(LAST_GOOD, weights="weight"), "evaluator brings counts, and 'weights' needs rows"),
    ],
)
async def test_what_counts_cannot_tell_is_no_data(spec: Compare, because: str) -> None:
    found = await measured(spec, WORSE)
    assert (found.verdict, found.because) == ("no_data", because)


async def test_counts_of_pairs_can_be_drawn_too() -> None:
    found = await measured(replace(LAST_GOOD, test="bootstrap"), WORSE)
    assert found.verdict == "bad"
    assert found.because.startswith("v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.")
