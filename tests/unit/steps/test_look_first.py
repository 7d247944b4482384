"""What would change: read for the approvers, told as a dry run; what is not about versions; what was done outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Action, DoneWhen
from bot.runbooks.steps import act, confirm, dry_run, look_outside, read_first
from tests.unit.steps.scene import NOW, ROLLBACK, SEEN, World, approved, context, incident, step

SWITCH = 'fallback{service="fraud-scorer"}'
FALLBACK = replace(
    ROLLBACK, name="fallback", target="fallback on", arguments={**ROLLBACK.arguments, "value": "on"},
    done_when=DoneWhen(source="prometheus", promql=SWITCH, ok="value == 1"),
)  # fmt: skip


async def read(world: World, spec: Action = ROLLBACK) -> ev.StateRead:
    the_step = step(spec)
    (found,) = await read_first(context(incident(the_step, events=approved()[:2]), world), the_step)
    assert isinstance(found, ev.StateRead)
    return found


async def test_what_stands_there_now_is_read_with_percentages_and_targeting() -> None:
    world = World()
    world.flag = {"value": "42", "percentages": {"42": 90, "41": 10}, "targeting": ["eu"]}
    found = await read(world)
    assert found.calls == (
        ev.Call(
            call="flags.set", captured=world.flag,
            arguments={"flag": "fraud-model", "value": "41", "environment": "production"},
        ),
    )  # fmt: skip
    assert world.writes() == []


async def test_what_cannot_be_read_says_why() -> None:
    world = World()
    world.flag = httpx.ConnectError("no")
    assert (await read(world)).because == "flags cannot be reached"


async def test_another_service_among_the_arguments_is_found_by_the_catalogue() -> None:
    world, the_step = World(), step(replace(ROLLBACK, arguments={**ROLLBACK.arguments, "flag": "payments-model"}))
    head = incident(the_step, events=approved()[:2])
    assert head.runbook is not None
    head = replace(head, runbook=replace(head.runbook, foreign={"flag=payments-model": "payments"}))
    (found,) = await read_first(context(head, world), the_step)
    assert isinstance(found, ev.StateRead)
    assert found.foreign == ("payments",)
    approved_head = incident(the_step, events=approved())
    approved_head = replace(approved_head, runbook=head.runbook)
    (finished,) = await act(context(approved_head, world), the_step, _never)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.because.endswith("its arguments name payments, this incident is about fraud-scorer")


async def _never(_: Any) -> None:
    raise AssertionError("nothing may begin")


async def dry(world: World, spec: Action = ROLLBACK) -> tuple[str, ...]:
    the_step = step(spec)
    (found,) = await dry_run(context(incident(the_step, events=[SEEN]), world), the_step)
    assert isinstance(found, ev.DryRunFinished)
    assert world.writes() == []
    return found.lines


async def test_a_dry_run_says_what_would_be_called_and_what_would_change() -> None:
    assert await dry(World()) == (
        "Would call flags.set: value 42 → 41, flag fraud-model, environment production.",
        "Done when v41 has 99 % of the production traffic, 2 times in a row; now: v41 has 0 % of traffic.",
    )


async def test_a_dry_run_says_what_would_be_refused() -> None:
    world = World()
    world.traffic = {"41": 100.0}
    (line,) = await dry(world)
    assert line.startswith("It would be refused, and nothing would be changed: nothing to do, or a wrong query")


async def test_an_action_that_is_not_about_versions_is_proven_by_its_condition() -> None:
    world, the_step = World(), step(FALLBACK)
    world.queries[SWITCH] = 0.0
    requested = ev.ApprovalRequested(
        step="it", attempt=1, target="fallback on", version=False, expires_at=NOW + timedelta(minutes=15)
    )
    log: list[ev.AnyEvent] = [SEEN, requested, ev.Approved(step="it", attempt=1)]
    begun: list[Any] = []

    async def begin(event: Any) -> None:
        begun.append(event)

    (finished,) = await act(context(incident(the_step, events=log), world), the_step, begin)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "written"
    log += [begun[0], finished]
    (looked,) = await confirm(context(incident(the_step, events=log), world), the_step)
    assert looked == ev.ActionLooked(step="it", attempt=1, share=None, holds=False)
    world.queries[SWITCH] = 1.0
    log.append(ev.ActionLooked(step="it", attempt=1, share=None, holds=True))
    _, confirmed = await confirm(context(incident(the_step, events=log), world), the_step)
    assert confirmed == ev.ActionConfirmed(step="it", attempt=1)


async def test_what_is_so_already_is_refused() -> None:
    world, the_step = World(), step(FALLBACK)
    world.queries[SWITCH] = 1.0
    (finished,) = await act(context(incident(the_step, events=approved()), world), the_step, _never)
    assert isinstance(finished, ev.ActionFinished)
    assert "nothing to do, or a wrong query" in finished.because


async def test_what_was_done_outside_is_held_against_traffic() -> None:
    world, the_step = World(), step(ROLLBACK)
    log: list[ev.AnyEvent] = [SEEN, ev.DoneOutside(step="it", running="42")]
    (found,) = await look_outside(context(incident(the_step, events=log), world), the_step)
    assert found == ev.OutsideLooked(
        step="it", attempt=1, running="42", agrees=False, because="traffic shows v42 still"
    )  # fmt: skip
    world.traffic = {"41": 100.0}
    (found,) = await look_outside(context(incident(the_step, events=log), world), the_step)
    assert isinstance(found, ev.OutsideLooked)
    assert (found.agrees, found.because) == (True, "traffic shows v41")
