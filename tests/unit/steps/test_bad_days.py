"""A source on a bad day: a query comes to ``error`` or ``no_data`` with a sentence, and never to ``ok``."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.incidents import events as ev
from bot.runbooks.schema import Queries, Query
from bot.runbooks.steps import measure, query
from tests.patience import PATIENCE
from tests.unit.steps.scene import SEEN, World, context, incident, step

ERRORS = Query(source="prometheus", name="errors", promql="errors", bad="value > 1")
SCORE = Query(source="flags", name="score", get="/score", value="body.score", bad="value > 1")


class Hangs(World):
    """Never answers what is asked about ``errors``."""

    def __init__(self) -> None:
        super().__init__()
        self.queries = {"latency": 0.2}

    async def answering(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("query") == "errors":
            await asyncio.Event().wait()
        return self(request)


async def measured(spec: Any, world: World) -> ev.StepMeasured:
    the_step = step(spec)
    (found,) = await measure(context(incident(the_step, events=[SEEN]), world), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (httpx.Response(200, html="<p>sign in</p>"), "error", "answered text/html, not JSON"),
        (httpx.Response(200, text="<html>"), "error", "answered nonsense"),
        (httpx.Response(200, content=b""), "error", "answered nonsense"),
        (httpx.Response(200, content=b'"' + b"x" * 10_000_000 + b'"'), "error", "answered more than 1 MiB"),
        (httpx.Response(503, text="down"), "error", "has a fault of its own (503)"),
        (httpx.ReadTimeout("slow"), "error", "did not answer within"),
        (httpx.ConnectError("refused"), "error", "cannot be reached"),
        ("NaN", "no_data", "no data"),
        ("+Inf", "no_data", "no data"),
        ("1e308", "no_data", "no data"),  # its square is no number any more, and would spoil the log
        ({}, "no_data", "no data"),
    ],
)
async def test_a_query_says_why_it_has_no_value(answer: Any, verdict: str, said: str) -> None:
    world = World()
    world.queries = {"errors": answer}
    found = await measured(ERRORS, world)
    assert (found.verdict, found.value) == (verdict, None)
    assert said in found.because
    assert len(found.because) < 300


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"score": "high"}, "error"),
        ({"score": True}, "error"),
        ({"score": 1e308}, "error"),
        (httpx.Response(200, text='{"score": 1' + "0" * 400 + "}"), "error"),
        ({"score": None}, "no_data"),
        ({}, "error"),
        ([], "error"),
    ],
)
async def test_a_body_that_is_not_what_was_expected_is_no_value(body: Any, verdict: str) -> None:
    world = World()
    world.flag = body
    assert (await measured(SCORE, world)).verdict == verdict


async def test_a_source_that_never_answers_holds_up_the_others_of_its_step_for_its_own_limit_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(query, "TIME_LIMIT", 0.5)
    world = Hangs()
    spec = Queries(queries=(ERRORS, Query(source="prometheus", name="latency", promql="latency", bad="value > 1")))
    the_step = step(spec)
    scene = context(incident(the_step, events=[SEEN]), world)
    for connector in scene.connectors._connectors.values():
        connector.client._http = httpx.AsyncClient(transport=httpx.MockTransport(world.answering))
    async with asyncio.timeout(PATIENCE):
        (found,) = await measure(scene, the_step)
    assert isinstance(found, ev.StepMeasured)
    assert found.verdict == "error"
    assert found.because == "Errors: prometheus took longer than 0.5 s; Latency 0.2"


@pytest.mark.parametrize("at", [-1.0, 1e11, 1e18, 1e308])
async def test_a_moment_that_no_clock_shows_is_nonsense(at: float) -> None:
    world = World()
    rows = [{"metric": {}, "value": [at, "0.5"]}]
    world.queries = {"errors": httpx.Response(200, json={"status": "success", "data": _vector(rows)})}
    found = await measured(ERRORS, world)
    assert (found.verdict, found.value) == ("error", None)
    assert "not the format of Prometheus" in found.because


def _vector(rows: list[Any]) -> dict[str, Any]:
    return {"resultType": "vector", "result": rows}
