"""The rehearsal: the same calls with the staging arguments, and then its check in staging.

A rehearsal that would be the real call is refused. One that was interrupted is begun again: staging is for that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from bot.connectors import SourceRefused, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.rehearsals import RehearsalState
from bot.runbooks.schema import Action, FurtherCall, Query, Rehearsal, Step
from bot.runbooks.steps.approved import NotPossible, names_of
from bot.runbooks.steps.calls import actor_of, calls_of, captured_of, foreign, read_state, shown
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.query import judged
from bot.runbooks.steps.wording import version
from bot.runbooks.templates import TemplateError, render_json


class _Seen(NamedTuple):
    """What staging shows: as it should be, not yet (``passed`` None), or surely not."""

    passed: bool | None
    because: str


async def rehearse(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """The calls in staging if they were not made yet, and one look at what came of them.

    ``RehearsalFinished`` if that passed, or failed, or took too long; else ``RehearsalLooked``, to be looked at
    again.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or spec.rehearse is None or state is None or state.rehearsal is None:
        return ()
    try:
        staged = _staged(context, spec, state)
        if state.rehearsal.called_at is None:
            for one, arguments in staged:
                await _call(context, one, arguments)
        seen = await _look(context, spec.rehearse, state, staged)
    except (NotPossible, SourceRefused, TemplateError) as error:
        seen = _Seen(False, str(error))
    except SourceUnavailable as error:
        called = state.rehearsal.called_at is not None
        seen = _Seen(None, str(error)) if called else _Seen(False, f"{error}; staging may have taken it")
    return (_told(context, step, state, spec.rehearse, seen),)


def _told(
    context: Context, step: Step, state: ActionState, spec: Rehearsal, seen: _Seen
) -> ev.RehearsalFinished | ev.RehearsalLooked:
    attempt, passed, because = state.attempt, seen.passed, seen.because
    if passed is None and _over(context, spec, state.rehearsal):
        passed, because = False, f"{because}, {spec.within:g} s after it began"
    if passed is None:
        return ev.RehearsalLooked(step=step.id, attempt=attempt, because=because)
    return ev.RehearsalFinished(
        step=step.id, attempt=attempt, outcome="ok" if passed else "failed", because=because
    )  # fmt: skip


def _over(context: Context, spec: Rehearsal, state: RehearsalState | None) -> bool:
    return state is not None and context.now() >= state.started_at + timedelta(seconds=spec.within)


def _staged(context: Context, spec: Action, state: ActionState) -> list[tuple[FurtherCall, dict[str, Any]]]:
    """The calls that have staging arguments, with these merged in. Raises NotPossible if one is the real call."""
    names = names_of(context, state)
    found: list[tuple[FurtherCall, dict[str, Any]]] = []
    for one in calls_of(spec):
        if not one.staging:
            continue
        own = render_json(one.arguments, names)
        merged = {**own, **render_json(one.staging, names)}
        if merged == own:
            raise NotPossible(f"the staging arguments of {one.call} are those of the real call; nothing was called")
        found.append((one, merged))
    if not found:
        raise NotPossible("no call has staging arguments; nothing was called")
    if others := foreign(context, spec, [arguments for _, arguments in found]):
        raise NotPossible(f"its staging arguments name {' and '.join(others)}; nothing was called")
    return found


async def _call(context: Context, one: FurtherCall, arguments: dict[str, Any]) -> None:
    actor, operation = actor_of(context, one.call)
    reading = await read_state(context, one.read, arguments)
    await actor.call(operation, arguments, since=reading)


async def _look(
    context: Context, spec: Rehearsal, state: ActionState, staged: list[tuple[FurtherCall, dict[str, Any]]]
) -> _Seen:
    what = version(state.target) if state.version and state.target else "it"
    if spec.check is not None:
        return await _checked(context, spec.check, state, what)
    compared = 0
    for one, arguments in staged:
        captured = captured_of(await read_state(context, one.read, arguments), arguments)
        shared = [key for key in arguments if key in captured]
        compared += len(shared)
        if wrong := [key for key in shared if str(captured[key]) != str(arguments[key])]:
            return _Seen(None, f"staging still shows {wrong[0]} {shown(captured[wrong[0]])}")
    if not compared:
        return _Seen(False, "nothing read in staging says what was written; give rehearse 'check'")
    return _Seen(True, f"{what} is set there")


async def _checked(context: Context, check: Query, state: ActionState, what: str) -> _Seen:
    found = await judged(context, check, names_of(context, state))
    if found.verdict == "ok":
        return _Seen(True, f"{what} served there ({found.because})" if state.version else found.because)
    return _Seen(None, found.because)
