"""An action of several calls: in order, each written down first, stopped at a refusal, undone backwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.agenda import agenda
from bot.runbooks.schema import FurtherCall
from bot.runbooks.steps import act, settle
from tests.unit.steps.scene import NOW, ROLLBACK, World, approved, context, incident, step

ALIAS = {"flag": "champion", "value": "{{ target }}", "environment": "production"}
BOTH = replace(ROLLBACK, also=(FurtherCall(call="flags.set", read="flags.get", arguments=ALIAS),))
FIRST = {"flag": "fraud-model", "value": "41", "environment": "production"}
SECOND = {"flag": "champion", "value": "41", "environment": "production"}
WAS = {"flag": "champion", "value": "42", "environment": "production"}


class Tools(World):
    """Flags that keep what is written; ``refuses`` is the one that takes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.flags: dict[str, Any] = {
            "fraud-model": {
                "flag": "fraud-model",
                "value": "42",
                "environment": "production",
                "percentages": {"42": 90},
            },
            "champion": WAS,
        }
        self.answers: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if request.method == "GET" and name in self.flags:
            self.flag = self.flags[name]
        self.write = self.answers.get(name, httpx.Response(204))
        answer = super().__call__(request)
        if request.method == "PUT" and answer.is_success:
            self.flags[name] = {**self.flags[name], **msgspec.json.decode(request.content)}
        return answer


class Log:
    """What was written down, and how many calls had been made by then."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines: list[tuple[ev.AnyEvent, int]] = []

    async def __call__(self, event: ev.ActionStarted | ev.CallStarted) -> None:
        self.lines.append((event, len(self.world.writes())))


async def acted(world: World, events: list[ev.AnyEvent] | None = None) -> tuple[tuple[ev.AnyEvent, ...], Log]:
    log, the_step = Log(world), step(BOTH)
    head = incident(the_step, events=events or approved())
    return await act(context(head, world), the_step, log), log


async def test_each_call_is_written_down_before_it_is_made() -> None:
    world = Tools()
    (finished,), log = await acted(world)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "written"
    assert world.writes() == [FIRST, SECOND]
    (started, before), (second, between) = log.lines
    assert (before, between) == (0, 1)
    assert isinstance(started, ev.ActionStarted)
    assert started.also == (ev.Call(call="flags.set", arguments=SECOND, captured=WAS),)
    assert second == ev.CallStarted(step="it", attempt=1, number=2, call="flags.set")


async def test_a_refusal_of_the_first_call_has_changed_nothing() -> None:
    world = Tools()
    world.answers["fraud-model"] = httpx.Response(409)
    (finished,), _ = await acted(world)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "refused"
    assert world.writes() == [FIRST]


async def test_a_refusal_of_a_later_call_leaves_it_half_done_and_a_person_decides() -> None:
    world = Tools()
    world.answers["champion"] = httpx.Response(409)
    (finished, unknown), _ = await acted(world)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "unknown"
    assert isinstance(unknown, ev.ActionUnknown)
    assert unknown.half
    assert unknown.because.startswith("it is half done: flags.set was accepted, flags.set was not: ")
    assert unknown.because.endswith("Undo takes back what was done")


async def test_an_answer_that_is_lost_later_is_unknown() -> None:
    world = Tools()
    world.answers["champion"] = httpx.Response(502)
    (finished,), _ = await acted(world)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "unknown"


async def test_undo_puts_everything_back_the_last_call_first() -> None:
    world = Tools()
    _, log = await acted(world)
    started = log.lines[0][0]
    world.traffic = {"41": 100.0}
    back = [*approved(), started, ev.ActionConfirmed(step="it", attempt=1)]
    back += approved(undo=True, running="41", target="42", attempt=2)[1:]
    await acted(world, back)
    assert world.writes()[2:] == [{**SECOND, "value": "42"}, {**FIRST, "value": "42"}]


@pytest.mark.parametrize("seen", ["43", "42"])
async def test_what_is_no_longer_as_the_approvers_saw_it_is_not_changed(seen: str) -> None:
    world = Tools()
    one = {**FIRST, "value": seen}
    read = ev.StateRead(
        step="it", attempt=1,
        calls=(ev.Call(call="flags.set", captured=one), ev.Call(call="flags.set", captured={"value": "42"})),
    )  # fmt: skip
    requested = approved()
    (finished, *_), _ = await acted(world, [*requested[:2], read, requested[2]])
    assert isinstance(finished, ev.ActionFinished)
    if seen == "42":
        assert finished.outcome == "written"
    else:
        assert finished.because == (
            "nothing was changed: somebody changed it since it was asked for (value was 43, is 42); "
            "look at it, and ask again"
        )


def _broken_off(*more: ev.AnyEvent) -> list[ev.AnyEvent]:
    """The process that made the calls was killed after it had written this."""
    started = ev.ActionStarted(
        step="it", attempt=1, lease_no=3, call="flags.set", arguments=FIRST, captured={"value": "42"},
        also=(ev.Call(call="flags.set", arguments=SECOND, captured=WAS),),
    )  # fmt: skip
    return [*approved(), started, *more]


async def _settled(events: list[ev.AnyEvent]) -> tuple[ev.AnyEvent, ...]:
    world, the_step = Tools(), step(BOTH)
    world.traffic = {"41": 100.0}
    return await settle(context(incident(the_step, events=events), world), the_step)


async def test_what_ended_between_two_calls_is_not_called_done_because_traffic_follows_the_first() -> None:
    looked, unknown = await _settled(_broken_off())
    assert isinstance(looked, ev.ActionLooked)
    assert isinstance(unknown, ev.ActionUnknown)
    assert unknown.half
    said = "it ended after 1 of 2 calls, so it is half done at most. Undo takes back what was done"
    assert unknown.because == said

    head = incident(step(BOTH), events=_broken_off(looked, unknown))
    assert [work.kind for work in agenda(head, NOW + timedelta(minutes=2), lease_no=7).work if work.step] == []


async def test_when_all_calls_were_begun_traffic_may_tell() -> None:
    second = ev.CallStarted(step="it", attempt=1, number=2, call="flags.set")
    (looked,) = await _settled(_broken_off(second))
    assert isinstance(looked, ev.ActionLooked)
    _, confirmed = await _settled(_broken_off(second, looked))
    assert isinstance(confirmed, ev.ActionConfirmed)
    assert confirmed.settled
