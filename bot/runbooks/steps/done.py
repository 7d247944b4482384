"""Has the world changed? The target's share of production traffic, or a condition, some looks in a row."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import msgspec

from bot.connectors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, DoneWhen, Query, Step
from bot.runbooks.steps.approved import NotPossible, names_of
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.query import judged
from bot.runbooks.steps.serving import Shares, read_shares, serving
from bot.runbooks.steps.wording import same_version, share, version
from bot.runbooks.templates import TemplateError
from bot.runbooks.verdicts import span

#: What was put back has the share that it had before, less so much: traffic is never the same twice.
SLACK = 0.05


class Look(NamedTuple):
    """One look: whether it holds, the target's share where that is what counts, and what was seen in a sentence.

    ``trouble``: nothing could be told, and why.
    """

    holds: bool
    share: float | None = None
    seen: str = ""
    trouble: str = ""


def definition_of(context: Context, spec: Action) -> DoneWhen:
    """The action's ``done_when``, read as the service's traffic is read if it does not say itself."""
    own = spec.done_when
    usual = serving(context.incident)
    if own.by_traffic or own.get or usual is None:
        return own
    return msgspec.structs.replace(
        own, source=usual.source, promql=usual.promql, graphite=usual.graphite, label=usual.label
    )


async def look(context: Context, spec: Action, state: ActionState) -> Look:
    """Whether the world is as the action wants it; of an undo, whether it is no longer so."""
    if spec.done_when.ok is not None:
        return await _condition(context, spec, state)
    try:
        shares = await read_shares(context, definition_of(context, spec), names_of(context, state))
    except (SourceUnavailable, TemplateError) as error:
        return Look(False, trouble=str(error))
    if not shares.by:
        return Look(False, trouble="there is no traffic")
    part = shares.of(state.target)
    return Look(part >= enough(spec, state), part, f"{version(state.target)} has {share(part)} of traffic")


def enough(spec: Action, state: ActionState) -> float:
    """The share that the target needs; what is put back needs no more than it had."""
    needed = spec.done_when.share
    before = Shares(state.shares).of(state.target) if state.undo else 0.0
    return before - SLACK if 2 * SLACK < before < needed else needed


async def _condition(context: Context, spec: Action, state: ActionState) -> Look:
    done = spec.done_when
    query = Query(
        source=done.source, promql=done.promql, graphite=done.graphite, get=done.get, value=done.value, ok=done.ok,
        name=spec.name or "value",
    )  # fmt: skip
    found = await judged(context, query, names_of(context, state))
    if found.verdict not in ("ok", "bad"):
        return Look(False, trouble=found.because)
    return Look((found.verdict == "ok") is not state.undo, seen=found.because)


async def before_the_call(context: Context, spec: Action, state: ActionState) -> tuple[bool, dict[str, float], str]:
    """Whether ``done_when`` can settle nothing, what serves by version, and a remark.

    Raises NotPossible for what is done already, or is not what was approved. Where traffic cannot be read the action
    goes on: metrics that are away are no reason to leave a bad version in place. It then counts as done before, so
    that no later reading settles it by itself.
    """
    if spec.done_when.ok is not None:
        now = await _condition(context, spec, state)
        if now.holds and not state.undo:
            raise NotPossible(f"nothing to do, or a wrong query: {now.seen} already")
        remark = f"what was so before is not known: {now.trouble}" if now.trouble else ""
        return bool(now.trouble) or now.holds, {}, remark
    try:
        shares = await read_shares(context, definition_of(context, spec), names_of(context, state))
    except (SourceUnavailable, TemplateError) as error:
        return True, {}, f"what served before is not known: {error}"
    if not shares.by:
        return True, {}, "what served before is not known: no traffic"
    _check_shares(shares, state, enough(spec, state))
    return False, shares.by, ""


def _check_shares(shares: Shares, state: ActionState, needed: float) -> None:
    wanted = shares.of(state.target)
    if wanted >= needed:
        raise NotPossible(
            f"nothing to do, or a wrong query: {version(state.target)} already serves {share(wanted)} of the traffic"
        )
    now = shares.running
    if state.running and now and not same_version(now, state.running) and not same_version(now, state.target):
        raise NotPossible(
            f"{version(now)} serves now; the approval was for going from {version(state.running)} "
            f"to {version(state.target)}. Ask again if it is still wanted"
        )


async def confirm(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """A look after the call was accepted: ``ActionLooked``, and ``ActionConfirmed`` once it held ``times`` in a row.

    A look that could not be made does not hold, and says no share. ``ActionUnknown`` once the budget and ``lag``
    are over and it does not hold: then a person may say what happened, and traffic still can.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None:
        return ()
    now = await look(context, spec, state)
    looked = _looked(step, state, now)
    if now.holds and state.holds + 1 >= spec.done_when.times:
        return (looked, ev.ActionConfirmed(step=step.id, attempt=state.attempt, share=now.share))
    if now.holds or state.phase != "written" or not _overdue(context, spec, state):
        return (looked,)
    waited = span((context.now() - (state.written_at or context.now())).total_seconds())
    because = f"the call was accepted, but {f'{waited} later {now.trouble}' if now.trouble else now.seen}"
    because += "" if now.trouble else f" after {waited}"
    return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because))


def _looked(step: Step, state: ActionState, now: Look) -> ev.ActionLooked:
    return ev.ActionLooked(step=step.id, attempt=state.attempt, share=now.share, holds=now.holds)


def _overdue(context: Context, spec: Action, state: ActionState) -> bool:
    """Whether both the budget since the approval and the metrics' lag since the call are over."""
    if state.approved_at is None or state.written_at is None:
        return False
    budget, lag = timedelta(seconds=spec.budget), timedelta(seconds=spec.done_when.lag)
    return context.now() >= max(state.approved_at + budget, state.written_at + lag)


async def settle(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """One look at an action whose call's answer was lost with the process that made it.

    ``ActionConfirmed(settled)`` if ``done_when`` holds ``times`` in a row and did not hold before the call;
    ``ActionUnknown`` if it can settle nothing, was given up between two calls, or does not hold after ``lag``; else
    ``ActionLooked``, to be looked at again. What is unknown already is only confirmed or looked at.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None or state.started_at is None:
        return ()
    now = await look(context, spec, state)
    looked = _looked(step, state, now)
    if because := _untold(state):
        half = state.begun < state.calls
        return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because, half=half))
    if now.holds and state.holds + 1 >= spec.done_when.times:
        return (looked, ev.ActionConfirmed(step=step.id, attempt=state.attempt, share=now.share, settled=True))
    lag = spec.done_when.lag
    if now.holds or state.phase == "unknown" or context.now() < state.started_at + timedelta(seconds=lag):
        return (looked,)
    seen = now.trouble or _seen_after(state, now, lag)
    because = f"the call's answer was lost: {seen}"
    return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because))


def _untold(state: ActionState) -> str:
    """Why traffic cannot tell what became of the call, if it cannot."""
    if state.begun < state.calls:
        undo = "" if state.undo else ". Undo takes back what was done"
        return f"it ended after {state.begun} of {state.calls} calls, so it is half done at most{undo}"
    if state.was_done:
        return "the call's answer was lost, and traffic cannot tell: it could not be told apart before the call"
    return ""


def _seen_after(state: ActionState, now: Look, lag: float) -> str:
    if now.share is None:
        return f"{now.seen} after {lag:g} s"
    return f"{version(state.target)} serves {share(now.share)} after {lag:g} s"
