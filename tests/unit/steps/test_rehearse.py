"""The rehearsal in staging: the same call with other arguments, and what staging shows afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Action, FurtherCall, Query, Rehearsal
from bot.runbooks.steps import rehearse
from tests.unit.steps.scene import NOW, ROLLBACK, World, approved, context, incident, step

STAGED = replace(ROLLBACK, rehearse=Rehearsal(arguments={"environment": "staging"}))
IN_STAGING = {"flag": "fraud-model", "value": "41", "environment": "staging"}
SHARE = 'share{version="41", environment="staging"}'


class Staging(World):
    """A flag tool that keeps what is written, and shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.keeps = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = super().__call__(request)
        if request.method == "PUT" and self.keeps and answer.is_success:
            self.flag = msgspec.json.decode(request.content)
        return answer


async def rehearsed(
    world: World, spec: Action = STAGED, *, before: list[ev.AnyEvent] | None = None, after: float = 0.0
) -> Any:
    the_step = step(spec)
    started = ev.RehearsalStarted(step="it", attempt=1)
    head = incident(the_step, events=[*approved()[:2], started, *(before or [])])
    (found,) = await rehearse(context(head, world, now=NOW + timedelta(seconds=after)), the_step)
    return found


def finished(outcome: Any, because: str) -> ev.RehearsalFinished:
    return ev.RehearsalFinished(step="it", attempt=1, outcome=outcome, because=because)


async def test_the_same_call_is_made_with_the_staging_arguments_merged_in_and_read_back() -> None:
    world = Staging()
    assert await rehearsed(world) == finished("ok", "v41 is set there")
    assert world.writes() == [IN_STAGING]


async def test_what_staging_does_not_show_is_looked_at_again_and_not_called_again() -> None:
    world = Staging()
    world.keeps = False
    found = await rehearsed(world)
    assert found == ev.RehearsalLooked(step="it", attempt=1, because="staging still shows value 42")
    assert len(world.writes()) == 1
    await rehearsed(world, before=[found])
    assert len(world.writes()) == 1


async def test_what_staging_never_shows_has_failed() -> None:
    world = Staging()
    world.keeps = False
    looked = ev.RehearsalLooked(step="it", attempt=1, because="…")
    found = await rehearsed(world, before=[looked], after=120)
    assert found == finished("failed", "staging still shows value 42, 120 s after it began")


async def test_a_rehearsal_that_would_be_the_real_call_is_refused_before_it_is_made() -> None:
    world = Staging()
    same = replace(ROLLBACK, rehearse=Rehearsal(arguments={"environment": "production"}))
    found = await rehearsed(world, same)
    assert found == finished(
        "failed", "the staging arguments of flags.set are those of the real call; nothing was called"
    )
    assert world.writes() == []


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (httpx.Response(422, json={"error": "no 41"}), "flags refused (422): no 41"),
        (httpx.Response(502), "flags has a fault of its own (502); staging may have taken it"),
    ],
)
async def test_a_call_that_staging_does_not_take_has_failed(answer: httpx.Response, because: str) -> None:
    world = Staging()
    world.write = answer
    assert await rehearsed(world) == finished("failed", because)


async def test_a_reading_that_says_nothing_of_what_was_written_proves_nothing() -> None:
    world = Staging()
    world.keeps = False
    world.flag = {"on": True}
    found = await rehearsed(world)
    assert found.outcome == "failed"
    assert "give rehearse 'check'" in found.because


async def test_a_check_is_looked_at_until_it_is_ok() -> None:
    check = Query(
        source="prometheus", name="share", title="Share in staging", ok="value >= 0.99",
        promql='share{version="{{ target }}", environment="staging"}',
    )  # fmt: skip
    spec = replace(ROLLBACK, rehearse=Rehearsal(arguments={"environment": "staging"}, check=check))
    world = Staging()
    world.queries[SHARE] = 0.4
    looked = await rehearsed(world, spec)
    assert isinstance(looked, ev.RehearsalLooked)
    world.queries[SHARE] = 1.0
    assert await rehearsed(world, spec, before=[looked]) == finished("ok", "v41 served there (Share in staging 1)")
    world.queries[SHARE] = {}
    assert isinstance(await rehearsed(world, spec, before=[looked]), ev.RehearsalLooked), "no data is never ok"


async def test_of_several_calls_those_with_staging_arguments_are_rehearsed() -> None:
    also = (
        FurtherCall(call="flags.set", read="flags.get", arguments={"flag": "shadow", "environment": "production"}),
        FurtherCall(
            call="flags.set",
            read="flags.get",
            arguments={"flag": "b", "environment": "production"},
            staging={"environment": "staging"},
        ),
    )
    world = Staging()
    await rehearsed(world, replace(STAGED, also=also))
    assert world.writes() == [IN_STAGING, {"flag": "b", "environment": "staging"}]
