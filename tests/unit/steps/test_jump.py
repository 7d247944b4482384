"""A release is not blamed because of its hour: the jump is held against the usual ups and downs."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import httpx
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.agenda import agenda
from bot.runbooks.schema import Baseline, Query
from bot.runbooks.steps.jump import see_jump, spliced
from bot.runbooks.steps.wording import version
from tests.unit.steps.scene import ALERT, RELEASE, SEEN, World, context, incident, step

CHANGES = step(Query(source="changes", name="changes"), "changes")
RECALL = Query(
    source="prometheus", name="quality", title="Recall", promql="recall", better="higher", baseline=Baseline()
)
NOW = ALERT + timedelta(minutes=1)
WARN = ev.StepMeasured(step="changes", attempt=1, verdict="warn", because="v42 released")
BAD = ev.StepMeasured(step="live", attempt=1, verdict="bad", because="Recall 0.71, was 0.84")


class Course(World):
    """Recall as it was until the release, and ``after`` from six minutes after it on."""

    def __init__(self, after: float) -> None:
        super().__init__()
        self._after = after

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/query_range"):
            return super().__call__(request)
        chance, level = random.Random(11), 0.0  # noqa: S311
        start, end, every = (float(request.url.params[key]) for key in ("start", "end", "step"))
        drop, points, at = (RELEASE.at + timedelta(minutes=6)).timestamp(), [], start
        while at <= end:
            level = 0.5 * level + chance.gauss(0, 0.005)
            points.append([at, str((0.84 if at < drop else self._after) + level)])
            at += every
        result: list[Any] = [{"metric": {}, "values": points}]
        return httpx.Response(200, json={"status": "success", "data": {"resultType": "matrix", "result": result}})


async def jumped(world: World, query: Query = RECALL) -> ev.JumpTested:
    head = incident(CHANGES, step(query, "live"), events=[SEEN, WARN])
    (found,) = await see_jump(context(head, world, now=NOW, changes=[RELEASE]), CHANGES)
    assert isinstance(found, ev.JumpTested)
    return found


async def test_a_fall_after_a_release_is_said_with_when_how_much_and_how_sure() -> None:
    found = await jumped(Course(0.71))
    assert found.difference is not None
    assert -0.14 < found.difference < -0.05
    size = f"{abs(found.difference) * 100:.1f} points on average"
    assert f" min after {version('42')} was released, since then by {size} (95 %: -" in found.because
    assert found.because.startswith("Recall fell ")
    assert found.because.endswith(f"effective n {found.effective_n:.0f})")
    assert found.effective_n < found.n


async def test_a_release_that_does_not_show_is_not_blamed() -> None:
    found = await jumped(Course(0.84))
    assert found.because.startswith("Recall did not fall more than it usually does after v42 was released (95 %: ")


async def test_what_cannot_be_told_is_not_said() -> None:
    world = World()
    world.ranges = {"recall": httpx.ReadTimeout("slow")}
    away = await jumped(world)
    assert (away.because, away.again_at) == ("", NOW + timedelta(minutes=1))
    world.ranges = {"recall": [0.84, 0.71]}
    assert (await jumped(world)).because == ""


async def test_versions_that_follow_each_other_are_one_course() -> None:
    from bot.connectors import Series

    old = Series({"version": "41"}, ((0.0, 0.84), (15.0, 0.84), (30.0, 0.83)))
    new = Series({"version": "42"}, ((30.0, 0.71), (45.0, None), (60.0, 0.72)))
    assert spliced([old, new], replace(RECALL)) == [(0.0, 0.84), (15.0, 0.84), (30.0, 0.71), (60.0, 0.72)]


async def test_a_release_whose_labels_cannot_be_there_yet_is_tested_when_they_can() -> None:
    late = await jumped(Course(0.84), replace(RECALL, label_delay=6 * 3600.0))
    assert (late.because, late.again_at) == ("", RELEASE.at + timedelta(hours=6, minutes=2))
    head = incident(CHANGES, step(RECALL, "live"), events=[SEEN, WARN, BAD, late])
    assert late.again_at is not None
    early = agenda(head, NOW, lease_no=1)
    assert "jump" not in [work.kind for work in early.work]
    assert "jump" in [work.kind for work in agenda(head, late.again_at, lease_no=1).work]


def test_it_is_tested_once_both_the_release_and_the_measurement_are_known() -> None:
    stories: list[list[ev.AnyEvent]] = [
        [SEEN, WARN], [SEEN, WARN, BAD], [SEEN, WARN, BAD, ev.JumpTested(step="changes")],
    ]  # fmt: skip
    heads = [incident(CHANGES, step(RECALL, "live"), events=events) for events in stories]
    kinds = [[work.kind for work in agenda(head, NOW, lease_no=1).work] for head in heads]
    assert ["jump" in asked for asked in kinds] == [False, True, False]


async def test_what_should_be_low_rises_or_did_not_rise() -> None:
    drift = replace(RECALL, title="Drift", better="lower")
    rose, calm = await jumped(Course(0.95), drift), await jumped(Course(0.84), drift)
    assert rose.because.startswith("Drift rose ")
    assert " on average (95 %: +" in rose.because
    assert calm.because.startswith("Drift did not rise more than it usually does after v42 was released (95 %: ")
