"""The step that changes the world: read what is there, write down the start, call once, write down the answer.

Everything that can be checked is checked before the start stands in the log; after it, the call is made once and
never again. What could not be told apart from success is ``unknown``, and a person or ``done_when`` settles it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.connectors import Http, Reading, SourceRefused, SourceUnavailable
from bot.connectors.client import LONGEST_CALL
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.done import definition_of, names_of
from bot.runbooks.steps.serving import Shares, read_shares
from bot.runbooks.steps.wording import same_version, share, version
from bot.runbooks.templates import TemplateError, render, render_json

#: Writes ``ActionStarted`` to the log; raises if the approval or the lease no longer stands.
Begin = Callable[[ev.ActionStarted], Awaitable[None]]
#: A reading larger than this (bytes of JSON) is kept only as far as the arguments speak of it.
MAX_CAPTURED = 8192
#: How long the second reading may take, in seconds.
READ_AGAIN = 5.0
#: Both together: an action begins only under a lease that lasts so many seconds more.
LONGEST_ACTION = READ_AGAIN + LONGEST_CALL
#: Parts of a reading that say whether somebody else changed it, besides the arguments themselves.
_STATE = ("percentages", "targeting", "version")


class _Refused(Exception):
    """A check before the call said no; the text says why."""


@dataclass(frozen=True)
class _Plan:
    """A call as it will be made. ``read_with`` are the arguments of the reading, also where another call undoes."""

    http: Http
    operation: str
    call: str
    arguments: dict[str, Any]
    read_with: dict[str, Any]
    captured: dict[str, Any]
    was_done: bool
    reading: Reading | None
    note: str = ""


async def act(context: Context, step: Step, begin: Begin) -> tuple[ev.AnyEvent, ...]:
    """Carry out an approved action: ``begin`` is awaited with ``ActionStarted`` before the call.

    The answer is one ``ActionFinished``: written, refused (nothing was changed), or unknown. Whatever ``begin``
    raises is passed on, and then no call was made.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None:
        return ()
    try:
        plan = await _planned(context, spec, state)
    except (_Refused, SourceUnavailable, TemplateError) as error:
        return (_finished(step, state, "refused", f"nothing was changed: {error}"),)
    await begin(
        ev.ActionStarted(
            step=step.id, attempt=state.attempt, lease_no=context.lease_no, call=plan.call, arguments=plan.arguments,
            captured=plan.captured, was_done=plan.was_done,
        )
    )  # fmt: skip
    try:
        await _still_as_read(context, spec, state, plan)
        await plan.http.call(plan.operation, plan.arguments, since=plan.reading)
    except (_Refused, SourceRefused) as error:
        return (_finished(step, state, "refused", f"nothing was changed: {error}"),)
    except SourceUnavailable as error:
        return (_finished(step, state, "unknown", f"{error}; it may have been done"),)
    return (_finished(step, state, "written", plan.note),)


def _finished(step: Step, state: ActionState, outcome: Any, because: str) -> ev.ActionFinished:
    return ev.ActionFinished(step=step.id, attempt=state.attempt, outcome=outcome, because=because)


async def _planned(context: Context, spec: Action, state: ActionState) -> _Plan:
    names = names_of(context, state)
    _check_scope(context, spec, names)
    own = render_json(spec.arguments, names)
    call, arguments = _taken_back(spec, state, own, names) if state.undo else (spec.call, own)
    _check_service(context, arguments)
    http, operation = _operation(context, call)
    was_done, note = await _before(context, spec, state, names)
    reading = await _read(context, spec, own)
    return _Plan(
        http=http, operation=operation, call=call, arguments=arguments, read_with=own,
        captured=_captured(reading, own), was_done=was_done, reading=reading, note=note,
    )  # fmt: skip


def _operation(context: Context, call: str) -> tuple[Http, str]:
    connector, _, operation = call.partition(".")
    http = context.connectors.http(connector)
    http.check(operation)
    return http, operation


def _check_scope(context: Context, spec: Action, names: dict[str, Any]) -> None:
    scope, service = render(spec.scope, names), context.incident.service
    if scope != service:
        raise _Refused(f"the action belongs to {scope or 'no service'}, this incident is about {service}")


def _check_service(context: Context, arguments: dict[str, Any]) -> None:
    named = arguments.get("service", context.incident.service)
    if named != context.incident.service:
        raise _Refused(f"its arguments name {named}, this incident is about {context.incident.service}")


def _taken_back(
    spec: Action, state: ActionState, arguments: dict[str, Any], names: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The call that undoes: to the captured reading, or another one by the runbook."""
    if spec.undo.how == "none":
        raise _Refused(f"it cannot be undone: {spec.undo.reason}")
    if spec.undo.how == "call":
        return spec.undo.call or spec.call, render_json(spec.undo.arguments, names)
    known = {key: state.captured[key] for key in arguments if key in state.captured}
    if not known:
        raise _Refused("what was there before is not known; put it back by hand")
    return spec.call, {**arguments, **known}


async def _before(context: Context, spec: Action, state: ActionState, names: dict[str, Any]) -> tuple[bool, str]:
    """Whether ``done_when`` can settle nothing, and a remark. Refuses what is done already, or not what was approved.

    Where traffic cannot be read the action goes on: metrics that are away are no reason to leave a bad version
    in place. It then counts as done before, so that no later reading settles it by itself.
    """
    definition = definition_of(context, spec)
    try:
        shares = await read_shares(context, definition, names)
    except (SourceUnavailable, TemplateError) as error:
        return True, f"what served before is not known: {error}"
    if not shares.by:
        return True, "what served before is not known: no traffic"
    _check_shares(shares, state, definition.share)
    return False, ""


def _check_shares(shares: Shares, state: ActionState, enough: float) -> None:
    wanted = shares.of(state.target)
    if wanted >= enough:
        raise _Refused(
            f"nothing to do, or a wrong query: {version(state.target)} already serves {share(wanted)} of the traffic"
        )
    now = shares.running
    if state.running and now and not same_version(now, state.running) and not same_version(now, state.target):
        raise _Refused(
            f"{version(now)} serves now; the approval was for going from {version(state.running)} "
            f"to {version(state.target)}. Ask again if it is still wanted"
        )


async def _read(context: Context, spec: Action, arguments: dict[str, Any]) -> Reading | None:
    if spec.read is None:
        return None
    http, operation = _operation(context, spec.read)
    return await http.read(operation, arguments)


def _captured(reading: Reading | None, arguments: dict[str, Any]) -> dict[str, Any]:
    """What stands there now, by the names of the arguments where they share them."""
    value = reading.value if reading is not None else None
    found = value if isinstance(value, dict) else {} if value is None else {"value": value}
    if len(msgspec.json.encode(found)) > MAX_CAPTURED:
        return {key: one for key, one in found.items() if key in arguments}
    return found


async def _still_as_read(context: Context, spec: Action, state: ActionState, plan: _Plan) -> None:
    """Refuse if somebody changed it while the start was being written, or if that cannot be told."""
    try:
        async with asyncio.timeout(READ_AGAIN):
            again = _captured(await _read(context, spec, plan.read_with), plan.read_with)
    except TimeoutError:
        raise _Refused("it could not be read again in time before the call") from None
    except SourceUnavailable as error:
        raise _Refused(f"it could not be read again before the call: {error}") from None
    keys = [key for key in (*plan.read_with, *_STATE) if key in plan.captured]
    if any(again.get(key) != plan.captured[key] for key in keys):
        raise _Refused(f"somebody changed it meanwhile; look at it, and ask for {version(state.target)} again")
