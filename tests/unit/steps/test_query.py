from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.connectors import Connectors
from bot.incidents import events as ev
from bot.runbooks.schema import Baseline, Queries, Query, Spec, Unconfigured
from bot.runbooks.steps import measure
from tests.unit.steps.scene import CONNECTORS, NOW, SEEN, World, answer, context, incident, step

RECALL = Query(
    source="prometheus", name="quality", title="Recall", counts="confirmed frauds", better="higher", min_effect=0.02,
    promql='recall{service="fraud-scorer", version="{{ running }}"}',
    denominator='positives{version="{{ running }}"}', baseline=Baseline(any_version=True), signal="delayed",
    label_delay=6 * 3600.0,
)  # fmt: skip
ERRORS = Query(source="prometheus", name="errors", promql="errors", better="lower", baseline=Baseline(), unit="/s")


async def measured(spec: Spec, world: World, *events: ev.AnyEvent) -> ev.StepMeasured:
    the_step = step(spec)
    (found,) = await measure(context(incident(the_step, events=events), world), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


def recall_drop() -> World:
    world = World()
    world.queries = {'recall{service="fraud-scorer", version="42"}': 0.71, 'positives{version="42"}': 412}
    world.ranges = {'recall{service="fraud-scorer", }': {"41": [0.84, 0.85, 0.83], "42": [0.71]}}
    return world


async def test_a_drop_is_told_with_its_baseline_its_cases_and_the_age_of_its_labels() -> None:
    found = await measured(RECALL, recall_drop(), SEEN)
    assert found.verdict == "bad"
    assert found.because == "Recall 0.71, was 0.835 · 412 confirmed frauds · labels 6 h old"
    assert (found.value, found.baseline, found.n, found.running) == (0.71, 0.835, 412, "42")


async def test_the_baseline_ends_before_the_trouble_began() -> None:
    world = recall_drop()
    await measured(RECALL, world, SEEN)
    asked = next(request.url.params for request in world.asked if request.url.path.endswith("query_range"))
    assert float(asked["end"]) == (NOW - timedelta(minutes=1)).timestamp()
    assert float(asked["end"]) - float(asked["start"]) == 7 * 86400
    assert 7 * 86400 / float(asked["step"]) <= 500


async def test_a_baseline_of_this_version_alone_takes_the_series_with_the_same_labels() -> None:
    world = World()
    world.queries = {"errors": {"42": 2.0}}
    world.ranges = {"errors": {"41": [9.0], "42": [1.0, 1.1]}}
    assert (await measured(ERRORS, world)).baseline == pytest.approx(1.05)


async def test_without_cases_it_is_told_how_far_the_series_moves_by_itself() -> None:
    world = World()
    world.queries = {"errors": {"42": 2.0}}
    world.ranges = {"errors": {"42": [number / 100 for number in range(80, 121)]}}
    found = await measured(ERRORS, world)
    assert (found.verdict, found.because) == ("bad", "Errors 2/s, was 1/s · usual 0.81/s to 1.19/s")
    world.queries = {"errors": {"42": 1.05}}
    assert (await measured(ERRORS, world)).because == "Errors 1.05/s, was 1/s"
    world.queries, world.ranges = {"errors": {"42": 2.0}}, {"errors": {"42": [0.9, 1.0, 1.1] * 13}}
    assert (await measured(ERRORS, world)).because == "Errors 2/s, was 1/s"


async def test_of_several_series_the_worst_one_is_told_by_its_label() -> None:
    world = World()
    world.queries = {"errors": {"41": 0.5, "42": 3.0, "40": "NaN"}}
    world.ranges = {"errors": {"41": [0.5], "42": [1.0]}}
    found = await measured(ERRORS, world)
    assert found.because == "Errors 3/s, was 1/s · version=42, the worst of 3"
    assert found.verdict == "bad"


async def test_the_cases_of_the_worst_series_are_its_own_and_not_those_of_all() -> None:
    by_version = Query(
        source="prometheus", name="quality", promql="recall", denominator="positives", better="higher",
        baseline=Baseline(), min_effect=0.02,
    )  # fmt: skip
    world = World()
    world.queries = {"recall": {"41": 0.84, "42": 0.80}, "positives": {"41": 9900, "42": 100}}
    world.ranges = {"recall": {"41": [0.84], "42": [0.84]}}
    found = await measured(by_version, world)
    assert (found.n, found.verdict) == (100, "inconclusive"), "10,000 cases would have made it certain"


async def test_cases_that_are_counted_finer_than_the_value_are_added_up() -> None:
    world = recall_drop()
    world.queries['positives{version="42"}'] = {"42": 400, "42 in the app": 12}
    assert (await measured(RECALL, world, SEEN)).n == 412


async def test_where_all_of_several_series_are_as_usual_none_is_named() -> None:
    world = World()
    world.queries = {"errors": {"41": 0.5, "42": 0.6}}
    world.ranges = {"errors": {"41": [0.5], "42": [0.6]}}
    found = await measured(ERRORS, world)
    assert (found.verdict, found.because) == ("ok", "Errors 0.6/s, was 0.6/s")


async def test_several_series_without_a_direction_are_an_error() -> None:
    world = World()
    world.queries = {"errors": {"41": 0.5, "42": 3.0}}
    found = await measured(Query(source="prometheus", name="errors", promql="errors", bad="value > 1"), world)
    assert found.verdict == "error"
    assert found.because == "Errors: prometheus answers 2 series where one is expected; sum them"


@pytest.mark.parametrize("nothing", [{}, "NaN", {"42": "+Inf"}])
async def test_nothing_and_no_number_are_no_data(nothing: Any) -> None:
    world = World()
    world.queries = {"errors": nothing}
    found = await measured(ERRORS, world)
    assert (found.verdict, found.because, found.value) == ("no_data", "Errors: no data", None)


async def test_a_course_has_a_slope_per_hour() -> None:
    world = World()
    world.queries = {"errors": 5.0}
    world.ranges = {"errors": [0.001 * second for second in range(20)]}
    spec = Query(source="prometheus", name="errors", promql="errors", range=3600.0, bad="slope > 3.5 and slope < 3.7")
    assert (await measured(spec, world)).verdict == "bad"


async def test_a_query_about_the_running_version_waits_for_it() -> None:
    unseen = ev.VersionsSeen(because="No traffic: nothing serves, as far as the metrics tell")
    world = World()
    assert (await measured(RECALL, world)).because == "Recall: the running version is not known"
    found = await measured(RECALL, world, unseen)
    assert (found.verdict, found.because) == ("no_data", f"Recall: {unseen.because}")
    assert world.asked == []


async def test_what_lacked_a_version_is_measured_again_once_it_is_known() -> None:
    unseen = ev.VersionsSeen(because="What serves cannot be read", again_at=NOW + timedelta(seconds=30))
    first = await measured(RECALL, recall_drop(), unseen)
    assert (first.verdict, first.evidence) == ("no_data", {"unknown": ["running"]})
    again = await measured(RECALL, recall_drop(), unseen, first, SEEN)
    assert (again.verdict, again.evidence) == ("bad", {})


async def test_a_label_called_target_is_not_the_target() -> None:
    world = World()
    world.queries = {'up{target="fraud-scorer"}': 1.0}
    spec = Query(source="prometheus", name="up", promql='up{target="{{ service.name }}"}', ok="value == 1")
    assert (await measured(spec, world)).verdict == "ok"


async def test_a_source_that_hangs_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hanging(request: httpx.Request) -> httpx.Response:
        if request.url.params["query"] == "latency":
            await asyncio.Event().wait()
        return answer(1.0, "vector" if request.url.path.endswith("/query") else "matrix")

    monkeypatch.setattr("bot.runbooks.steps.query.TIME_LIMIT", 0.05)
    the_step = step(Queries(queries=(replace(ERRORS, name="latency", promql="latency"), ERRORS)))
    head = incident(the_step)
    connectors = Connectors(CONNECTORS, transport=httpx.MockTransport(hanging))
    found = await measure(dataclasses.replace(context(head, World()), connectors=connectors), the_step)
    assert isinstance(found[0], ev.StepMeasured)
    assert found[0].because == "Latency: prometheus took longer than 0.05 s; Errors 1/s, was 1/s"


async def test_a_source_that_is_away_is_an_error_and_asked_again_a_few_times() -> None:
    world = World()
    world.queries = {"errors": httpx.ReadTimeout("slow")}
    events: list[ev.AnyEvent] = []
    waits = []
    for _ in range(6):
        found = await measured(ERRORS, world, *events)
        assert (found.verdict, found.because) == ("error", "Errors: prometheus did not answer within 10 s")
        waits.append((found.again_at - NOW).total_seconds() if found.again_at else None)
        events.append(found)
        if found.again_at is None:
            break
    assert waits == [30, 60, 120, 240, None]


async def test_a_connector_that_does_not_exist_is_told_and_not_asked_again() -> None:
    found = await measured(replace(ERRORS, source="thanos"), World())
    assert found.verdict == "error"
    assert found.because == "Errors: thanos is not connected: add it under connectors in evenkeel.yaml"
    assert found.again_at is None


async def test_several_measurements_have_the_worst_verdict_and_everybodys_sentence() -> None:
    world = World()
    world.queries = {"errors": 1.0, "latency": httpx.Response(500), "load": 5.0}
    world.ranges = {"errors": [1.0], "load": [5.0]}
    latency = replace(ERRORS, name="latency", promql="latency", unit="s")
    load = replace(ERRORS, name="load", promql="load", unit="")
    found = await measured(Queries(queries=(ERRORS, latency, load)), world)
    assert found.verdict == "error"
    assert found.because == ("Latency: prometheus has a fault of its own (500); Errors 1/s, was 1/s; Load 5, was 5")
    assert found.again_at is not None


async def test_a_measurement_that_is_not_configured_keeps_several_from_being_ok() -> None:
    world = World()
    world.queries, world.ranges = {"errors": 1.0}, {"errors": [1.0]}
    missing = "add services.x.metrics.load to evenkeel.yaml"
    found = await measured(Queries(queries=(ERRORS,), missing=(missing,)), world)
    assert found.verdict == "no_data"
    assert found.because == "not configured: add services.x.metrics.load to evenkeel.yaml; Errors 1/s, was 1/s"


async def test_an_unconfigured_step_says_what_to_add() -> None:
    spec = Unconfigured(kind="query", name="quality", missing="add services.fraud-scorer.metrics.quality")
    found = await measured(spec, World())
    assert found.verdict == "no_data"
    assert found.because == "not configured for fraud-scorer: add services.fraud-scorer.metrics.quality"


async def test_a_number_is_read_from_json() -> None:
    world = World()
    world.flag = {"queue": {"depth": 12}}
    path, value = "queues/{{ incident.service }}", "body.queue.depth"
    spec = Query(source="flags", name="queue", get=path, value=value, bad="value > 10")
    found = await measured(spec, world)
    assert (found.verdict, found.because) == ("bad", "Queue 12, limit 10")
    assert world.asked[0].url.path == "/base/queues/fraud-scorer"


@pytest.mark.parametrize(
    ("body", "verdict"), [({"queue": None}, "no_data"), ({"queue": "x"}, "error"), ([], "error")]
)
async def test_json_without_a_number_is_no_value(body: Any, verdict: str) -> None:
    world = World()
    world.flag = body
    spec = Query(source="flags", name="queue", get="queues", value="body.queue", bad="value > 10")
    assert (await measured(spec, world)).verdict == verdict


async def test_a_label_of_an_alert_cannot_become_a_part_of_the_query() -> None:
    world = World()
    spec = Query(source="prometheus", name="x", promql='x{model="{{ incident.title }}"}', bad="value > 1")
    head = incident(step(spec))
    hostile = replace(head, title='a"} or vector(1) or y{z="')
    await measure(context(hostile, world), step(spec))
    assert world.asked[0].url.params["query"] == 'x{model="a\\"} or vector(1) or y{z=\\""}'
