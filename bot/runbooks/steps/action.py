"""The step that changes the world: read what is there, write down the start, call once, write down the answer.

Everything that can be checked is checked before the start stands in the log; after it, each call is made once and
never again. What could not be told apart from success is ``unknown``, and a person or ``done_when`` settles it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.connectors import SourceRefused, SourceUnavailable
from bot.connectors.client import LONGEST_CALL
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, Step
from bot.runbooks.steps.approved import NotPossible
from bot.runbooks.steps.calls import Planned, captured_of, changed, planned, read_state
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.done import before_the_call
from bot.runbooks.steps.readiness import still_ready
from bot.runbooks.steps.registered import still_registered
from bot.runbooks.steps.wording import version
from bot.runbooks.templates import TemplateError

#: Writes ``ActionStarted`` or ``CallStarted`` to the log; raises if the approval or the lease no longer stands.
Begin = Callable[[ev.ActionStarted | ev.CallStarted], Awaitable[None]]
#: How long the second reading may take, in seconds.
READ_AGAIN = 5.0
#: Both together: a call begins only under a lease that lasts so many seconds more.
LONGEST_ACTION = READ_AGAIN + LONGEST_CALL


async def act(context: Context, step: Step, begin: Begin) -> tuple[ev.AnyEvent, ...]:
    """Carry out an approved action: ``begin`` is awaited with ``ActionStarted`` before the first call.

    The answer is one ``ActionFinished``: written, refused (nothing was changed), or unknown. Whatever ``begin``
    raises is passed on, and then no call was made. Of several calls each is written down before it is made; where
    one is refused after another was accepted, the action is half done, and a person decides.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None:
        return ()
    try:
        was_done, shares, note = await before_the_call(context, spec, state)
        plan = await planned(context, spec, state)
        _as_the_approvers_saw_it(state, plan)
        await still_registered(context, spec, state)
        await still_ready(context, spec, state)
    except (NotPossible, SourceUnavailable, TemplateError) as error:
        return (_finished(step, state, "refused", f"nothing was changed: {error}"),)
    await begin(_started(context, step, state, plan, was_done=was_done, shares=shares))
    for number, one in enumerate(plan, 1):
        if number > 1:
            await begin(ev.CallStarted(step=step.id, attempt=state.attempt, number=number, call=one.call))
        if trouble := await _call(context, state, one):
            return _ended(step, state, plan[: number - 1], one, trouble)
    return (_finished(step, state, "written", note),)


def _started(
    context: Context, step: Step, state: ActionState, plan: Sequence[Planned], *, was_done: bool, shares: Any
) -> ev.ActionStarted:
    """Of an undo the log keeps what it goes back to, so only its calls are written down."""
    first, *others = plan
    return ev.ActionStarted(
        step=step.id, attempt=state.attempt, lease_no=context.lease_no, call=first.call, arguments=first.arguments,
        captured=first.captured, was_done=was_done, also=tuple(one.told for one in others), shares=shares,
    )  # fmt: skip


def _finished(step: Step, state: ActionState, outcome: Any, because: str) -> ev.ActionFinished:
    return ev.ActionFinished(step=step.id, attempt=state.attempt, outcome=outcome, because=because)


async def _call(context: Context, state: ActionState, one: Planned) -> Exception | None:
    """Makes the call, once; what went wrong, if anything did."""
    try:
        await _still_as_read(context, state, one)
        await one.actor.call(one.operation, one.arguments, since=one.reading)
    except (NotPossible, SourceUnavailable) as error:
        return error
    return None


def _ended(
    step: Step, state: ActionState, made: Sequence[Planned], one: Planned, trouble: Exception
) -> tuple[ev.AnyEvent, ...]:
    """What is in the log about a call that did not go through."""
    surely_not = isinstance(trouble, NotPossible | SourceRefused)
    if surely_not and not made:
        return (_finished(step, state, "refused", f"nothing was changed: {trouble}"),)
    if not surely_not:
        return (_finished(step, state, "unknown", f"{trouble}; it may have been done"),)
    done = " and ".join(other.call for other in made)
    because = f"it is half done: {done} was accepted, {one.call} was not: {trouble}. Undo takes back what was done"
    half = ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because, half=True)
    return (_finished(step, state, "unknown", because), half)


def _as_the_approvers_saw_it(state: ActionState, plan: Sequence[Planned]) -> None:
    """Raises NotPossible if it is no longer as it was when it was read for the approvers."""
    if len(state.seen) != len(plan):
        return
    for seen, one in zip(state.seen, plan, strict=True):
        if differs := changed(seen.captured, one.captured, one.watched):
            raise NotPossible(f"somebody changed it since it was asked for ({differs}); look at it, and ask again")


async def _still_as_read(context: Context, state: ActionState, one: Planned) -> None:
    """Refuse if somebody changed it while the start was being written, or if that cannot be told."""
    try:
        async with asyncio.timeout(READ_AGAIN):
            again = captured_of(await read_state(context, one.read, one.read_with), one.read_with)
    except TimeoutError:
        raise NotPossible("it could not be read again in time before the call") from None
    except SourceUnavailable as error:
        raise NotPossible(f"it could not be read again before the call: {error}") from None
    if changed(one.captured, again, one.watched):
        raise NotPossible(f"somebody changed it meanwhile; look at it, and ask for {_wanted(state)} again")


def _wanted(state: ActionState) -> str:
    return version(state.target) if state.target else "it"
