"""What an action would change, read for those who are to approve it, or for somebody who asks for a dry run."""

from __future__ import annotations

from collections.abc import Sequence

from bot.connectors import SourceUnavailable
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.targets import target_of
from bot.runbooks.schema import Action, Step
from bot.runbooks.steps.approved import NotPossible
from bot.runbooks.steps.calls import Planned, calls_of, foreign, planned, shown
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.done import before_the_call, look
from bot.runbooks.steps.readiness import still_ready
from bot.runbooks.steps.registered import still_registered
from bot.runbooks.steps.wording import share, version
from bot.runbooks.templates import TemplateError


async def read_first(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """``StateRead``: every call that was asked for, and what stands there now; or why that cannot be read."""
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None:
        return ()
    try:
        plan = await planned(context, spec, state, within_scope=False)
        await still_registered(context, spec, state)
    except (NotPossible, SourceUnavailable, TemplateError) as error:
        return (ev.StateRead(step=step.id, attempt=state.attempt, because=str(error)),)
    others = foreign(context, spec, [one.arguments for one in plan])
    told = tuple(one.told for one in plan)
    return (ev.StateRead(step=step.id, attempt=state.attempt, calls=told, foreign=others),)


async def dry_run(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """``DryRunFinished``: what would be called, and what would change. Nothing is written outside."""
    spec, state = step.spec, context.incident.state(step.id)
    if not isinstance(spec, Action):
        return ()
    try:
        target = target_of(context.incident, spec)
    except Refused as refused:
        return (ev.DryRunFinished(step=step.id, number=state.dry_run, lines=(f"It would be refused: {refused}",)),)
    would_be = ActionState(
        phase="approved", attempt=state.attempt, target=target.name, running=target.running, version=target.version
    )
    lines = await _lines(context, spec, would_be)
    return (ev.DryRunFinished(step=step.id, number=state.dry_run, lines=tuple(lines)),)


async def _lines(context: Context, spec: Action, state: ActionState) -> list[str]:
    try:
        plan = await planned(context, spec, state)
        lines = [_would_call(one) for one in plan]
        await before_the_call(context, spec, state)
        await still_registered(context, spec, state)
        await still_ready(context, spec, state)
    except (NotPossible, SourceUnavailable, TemplateError) as error:
        return [f"It would be refused, and nothing would be changed: {error}."]
    if spec.rehearse is not None:
        rehearsed = [one.call for one in calls_of(spec) if one.staging]
        lines.insert(0, f"Would rehearse it in staging first, with {', '.join(rehearsed)}.")
    now = await look(context, spec, state)
    if spec.done_when.ok is None:
        done = f"Done when {version(state.target)} has {share(spec.done_when.share)} of the production traffic"
    else:
        done = f"Done when {spec.done_when.ok}"
    lines.append(f"{done}, {spec.done_when.times} times in a row; now: {now.trouble or now.seen}.")
    return lines


def _would_call(one: Planned) -> str:
    changes = differences(one.told)
    what = ", ".join(f"{key} {before} → {after}" for key, before, after in changes)
    same = [
        f"{key} {shown(value)}" for key, value in one.arguments.items() if key not in {key for key, *_ in changes}
    ]
    unread = "" if one.read else " (what stands there now is not read)"
    nothing = "" if changes or not one.captured else "; nothing would change"
    return f"Would call {one.call}: {what}{', ' if what and same else ''}{', '.join(same)}{unread}{nothing}."


def differences(call: ev.Call) -> Sequence[tuple[str, str, str]]:
    """``(value, 42, 41)`` for every argument that would change what was read."""
    return [
        (key, shown(call.captured[key]), shown(value))
        for key, value in call.arguments.items()
        if key in call.captured and call.captured[key] != value
    ]
