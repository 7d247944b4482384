"""Whatever a source answers, a step comes to a verdict, and nothing is called ok that nobody measured."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incidents import events as ev
from bot.runbooks.schema import Compare, Query, Spec
from bot.runbooks.steps import act, confirm, measure, see_versions
from tests.unit.steps.scene import ROLLBACK, World, approved, context, incident, step

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "data", "result", "metric", "value", "n", "paired", "x"]), inner)
    ),
    max_leaves=12,
)
ROWS = st.fixed_dictionaries({"metric": JSON, "value": JSON}) | JSON
ALMOST = st.builds(
    lambda kind, rows: {"status": "success", "data": {"resultType": kind, "result": rows}},
    st.sampled_from(["vector", "matrix", "scalar", "string"]),
    st.lists(ROWS, max_size=3) | JSON,
)
ANSWERS = st.one_of(
    (JSON | ALMOST).map(lambda value: (200, value)),
    st.tuples(st.integers(200, 599), JSON),
)
SPECS: tuple[Spec, ...] = (
    Query(source="prometheus", name="x", promql="x", better="higher", denominator="y", bad="value > 1"),
    Query(source="flags", name="x", get="x", value="body.x.value", bad="value > 1"),
    Compare(source="evaluator", metric="recall", test="paired"),
    Compare(source="evaluator", metric="recall"),
)


class Nonsense(World):
    """Says the same to everything."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__()
        self._status, self._body = status, body

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(
            self._status, content=json.dumps(self._body).encode(), headers={"content-type": "application/json"}
        )


async def begin(_: ev.ActionStarted | ev.CallStarted) -> None:
    """The log takes it."""


@settings(max_examples=150, deadline=None)
@given(answer=ANSWERS, spec=st.sampled_from(SPECS))
def test_whatever_a_source_answers_there_is_a_verdict(answer: tuple[int, Any], spec: Spec) -> None:
    async def story() -> None:
        the_step = step(spec)
        head = incident(the_step, events=approved()[:1])
        (found,) = await measure(context(head, Nonsense(*answer)), the_step)
        assert isinstance(found, ev.StepMeasured)
        assert found.because
        assert ev.decode(ev.encode(found)) == found
        if found.verdict in ("ok", "warn", "bad"):
            assert found.value is not None

    asyncio.run(story())


@settings(max_examples=100, deadline=None)
@given(answer=ANSWERS)
def test_whatever_a_source_answers_an_action_ends_and_is_not_confirmed(answer: tuple[int, Any]) -> None:
    async def story() -> None:
        the_step, world = step(ROLLBACK), Nonsense(*answer)
        head = incident(the_step, events=approved())
        (seen,) = await see_versions(context(head, world))
        assert isinstance(seen, ev.VersionsSeen)
        assert seen.target is None or seen.target != seen.running
        (finished,) = await act(context(head, world), the_step, begin)
        assert isinstance(finished, ev.ActionFinished)
        assert len(world.writes()) <= 1
        (looked,) = await confirm(context(head, world), the_step)
        assert isinstance(looked, ev.ActionLooked)
        assert not looked.holds

    asyncio.run(story())
