from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.errors import LeaseLost
from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, Undo
from bot.runbooks.steps import act
from tests.unit.steps.scene import ROLLBACK, SEEN, World, approved, context, incident, step, with_serving


class Begun:
    """Collects what the log was told before the call, and how many calls there were by then."""

    def __init__(self, world: World, error: Exception | None = None) -> None:
        self._world = world
        self._error = error
        self.started: list[ev.ActionStarted] = []

    async def __call__(self, started: ev.ActionStarted | ev.CallStarted) -> None:
        assert self._world.writes() == []
        if self._error:
            raise self._error
        assert isinstance(started, ev.ActionStarted)
        self.started.append(started)


async def acted(
    world: World, spec: Action = ROLLBACK, head: Incident | None = None
) -> tuple[ev.ActionFinished, list[ev.ActionStarted]]:
    the_step = step(spec)
    begun = Begun(world)
    (finished,) = await act(context(head or incident(the_step, events=approved()), world), the_step, begun)
    assert isinstance(finished, ev.ActionFinished)
    return finished, begun.started


async def test_the_start_stands_in_the_log_with_what_was_there_before_the_one_call() -> None:
    world = World()
    finished, started = await acted(world)
    arguments = {"flag": "fraud-model", "value": "41", "environment": "production"}
    assert started == [
        ev.ActionStarted(
            step="it", attempt=1, lease_no=7, call="flags.set", arguments=arguments,
            captured={"flag": "fraud-model", "value": "42", "environment": "production"}, shares={"42": 1.0},
        )
    ]  # fmt: skip
    assert world.writes() == [arguments]
    assert finished == ev.ActionFinished(step="it", attempt=1, outcome="written")


async def test_what_is_done_already_is_refused() -> None:
    world = World()
    world.traffic = {"41": 994.0, "42": 6.0}
    finished, started = await acted(world)
    assert finished.outcome == "refused"
    assert finished.because == (
        "nothing was changed: nothing to do, or a wrong query: v41 already serves 99.4 % of the traffic"
    )
    assert (started, world.writes()) == ([], [])


async def test_another_version_than_the_one_approved_against_is_refused() -> None:
    world = World()
    world.traffic = {"43": 100.0}
    finished, started = await acted(world)
    assert finished.because == (
        "nothing was changed: v43 serves now; the approval was for going from v42 to v41. "
        "Ask again if it is still wanted"
    )
    assert (finished.outcome, started, world.writes()) == ("refused", [], [])


async def test_metrics_that_are_away_do_not_stop_a_rollback_but_then_traffic_settles_nothing() -> None:
    world = World()
    world.traffic = httpx.ConnectError("no")
    finished, started = await acted(world)
    assert (finished.outcome, finished.because) == (
        "written", "what served before is not known: prometheus cannot be reached",
    )  # fmt: skip
    assert started[0].was_done


@pytest.mark.parametrize(
    ("spec", "because"),
    [
        (replace(ROLLBACK, scope="payments"), "the action belongs to payments, this incident is about fraud-scorer"),
        (
            replace(ROLLBACK, arguments={"service": "payments"}),
            "its arguments name payments, this incident is about fraud-scorer",
        ),
        (replace(ROLLBACK, call="unleash.set"), "unleash is not connected: add it under connectors in evenkeel.yaml"),
        (replace(ROLLBACK, call="flags.remove"), "flags has no operation 'remove': add it in evenkeel.yaml"),
        (replace(ROLLBACK, arguments={"value": "{{ missing }}"}), "'missing' has no value here"),
    ],
)
async def test_what_cannot_be_done_is_refused_before_the_start(spec: Action, because: str) -> None:
    world = World()
    finished, started = await acted(world, spec)
    assert (finished.outcome, finished.because) == ("refused", f"nothing was changed: {because}")
    assert (started, world.writes()) == ([], [])


async def test_a_state_that_cannot_be_read_is_not_changed() -> None:
    world = World()
    world.flag = httpx.Response(500)
    finished, started = await acted(world)
    assert finished.because == "nothing was changed: flags has a fault of its own (500)"
    assert (finished.outcome, started, world.writes()) == ("refused", [], [])


async def test_a_state_that_somebody_changed_meanwhile_is_not_changed() -> None:
    world = World()

    def somebody() -> None:
        world.flag = {**world.flag, "value": "43" if len(world.asked) > 2 else "42"}

    world.on_read = somebody
    finished, started = await acted(world)
    assert finished.because == (
        "nothing was changed: somebody changed it meanwhile; look at it, and ask for v41 again"
    )
    assert (finished.outcome, len(started), world.writes()) == ("refused", 1, [])


@pytest.mark.parametrize(
    ("answer", "outcome", "because"),
    [
        (httpx.Response(403), "refused", "nothing was changed: flags does not let us in (403)"),
        (httpx.Response(412), "refused", "nothing was changed: flags was changed by somebody else"),
        (httpx.Response(422, json={"error": "no 41"}), "refused", "nothing was changed: flags refused (422): no 41"),
        (httpx.ConnectError("no"), "refused", "nothing was changed: flags cannot be reached"),
        (httpx.Response(502), "unknown", "flags has a fault of its own (502); it may have been done"),
        (httpx.ReadTimeout("no"), "unknown", "flags did not answer within 10 s; it may have been done"),
        (httpx.ReadError("no"), "unknown", "flags broke off the connection; it may have been done"),
        (httpx.Response(200, html="<p>sign in"), "unknown", "flags answered text/html, not JSON"),
    ],
)
async def test_the_answer_says_refused_or_unknown(answer: Any, outcome: str, because: str) -> None:
    world = World()
    world.write = answer
    finished, _ = await acted(world)
    assert finished.outcome == outcome
    assert finished.because.startswith(because)
    assert len(world.writes()) == 1


async def test_no_call_is_made_without_the_lease() -> None:
    world, the_step = World(), step(ROLLBACK)
    with pytest.raises(LeaseLost):
        await act(context(incident(the_step, events=approved()), world), the_step, Begun(world, LeaseLost("gone")))
    assert world.writes() == []


async def test_undo_puts_back_what_was_captured() -> None:
    world = World()
    world.traffic = {"41": 100.0}
    world.flag = {"flag": "fraud-model", "value": "41", "environment": "production"}
    first = ev.ActionStarted(
        step="it", attempt=1, lease_no=7, call="flags.set", captured={"value": "42-blue", "environment": "production"}
    )
    confirmed = ev.ActionConfirmed(step="it", attempt=1)
    log = [*approved(), first, confirmed, *approved(undo=True, running="41", target="42", attempt=2)[1:]]
    finished, started = await acted(world, head=incident(step(ROLLBACK), events=log))
    assert finished.outcome == "written"
    assert started[0].attempt == 2
    assert world.writes() == [{"flag": "fraud-model", "value": "42-blue", "environment": "production"}]


async def test_undo_by_another_call() -> None:
    world = World()
    world.traffic = {"41": 100.0}
    spec = replace(ROLLBACK, undo=Undo(how="call", call="flags.strict", arguments={
        "value": "{{ target }}", "environment": "x",
    }))  # fmt: skip
    log = [SEEN, *approved(undo=True, running="41", target="42")[1:]]
    finished, _ = await acted(world, spec, incident(step(spec), events=log))
    assert finished.outcome == "written"
    assert world.writes() == [{"to": "42", "in": ["x"]}]


@pytest.mark.parametrize(
    ("undo", "because"),
    [
        (Undo(how="none", reason="rows are deleted"), "it cannot be undone: rows are deleted"),
        (Undo(), "what was there before is not known; put it back by hand"),
    ],
)
async def test_what_cannot_be_undone_is_refused(undo: Undo, because: str) -> None:
    world = World()
    world.traffic = {"41": 100.0}
    spec = replace(ROLLBACK, undo=undo)
    log = [SEEN, *approved(undo=True, running="41", target="42")[1:]]
    finished, _ = await acted(world, spec, incident(step(spec), events=log))
    assert (finished.outcome, finished.because) == ("refused", f"nothing was changed: {because}")


async def test_an_action_without_its_own_query_is_read_as_the_service_is() -> None:
    world = World()
    world.traffic = {"41": 100.0}
    finished, _ = await acted(world, with_serving(ROLLBACK, source="", promql=None))
    assert "v41 already serves 100 %" in finished.because
