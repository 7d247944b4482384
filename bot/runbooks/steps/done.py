"""Has the world changed? ``done_when`` is the target's share of production traffic, some looks in a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from bot.connectors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, DoneWhen, Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.serving import read_shares, serving
from bot.runbooks.steps.wording import share, version
from bot.runbooks.templates import TemplateError
from bot.runbooks.verdicts import span


def names_of(context: Context, state: ActionState) -> dict[str, Any]:
    """The names for an action's templates: ``target`` and ``running`` are those that were approved."""
    names = {**context.names, "target": state.target}
    return {**names, "running": state.running} if state.running else names


def definition_of(context: Context, spec: Action) -> DoneWhen:
    """The action's ``done_when``, read as the service's traffic is read if it does not say itself."""
    own = spec.done_when
    usual = serving(context.incident)
    if own.promql or usual is None:
        return own
    return msgspec.structs.replace(own, source=usual.source, promql=usual.promql, label=usual.label)


async def confirm(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """A look after the call was accepted: ``ActionLooked``, and ``ActionConfirmed`` once it held ``times`` in a row.

    A look that could not be made does not hold, and says no share. ``ActionUnknown`` once the budget and ``lag``
    are over and it does not hold: then a person may say what happened, and traffic still can.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None:
        return ()
    looked, trouble = await _look(context, step, spec, state)
    if looked.holds and state.holds + 1 >= spec.done_when.times:
        return (looked, ev.ActionConfirmed(step=step.id, attempt=state.attempt, share=looked.share))
    if looked.holds or state.phase != "written" or not _overdue(context, spec, state):
        return (looked,)
    waited = span((context.now() - (state.written_at or context.now())).total_seconds())
    seen = f"{version(state.target)} has {share(looked.share or 0.0)} of traffic after {waited}"
    because = f"the call was accepted, but {f'{waited} later {trouble}' if trouble else seen}"
    return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because))


def _overdue(context: Context, spec: Action, state: ActionState) -> bool:
    """Whether both the budget since the approval and the metrics' lag since the call are over."""
    if state.approved_at is None or state.written_at is None:
        return False
    budget, lag = timedelta(seconds=spec.budget), timedelta(seconds=spec.done_when.lag)
    return context.now() >= max(state.approved_at + budget, state.written_at + lag)


async def settle(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """One look at an action whose call's answer was lost with the process that made it.

    ``ActionConfirmed(settled)`` if ``done_when`` holds ``times`` in a row and did not hold before the call;
    ``ActionUnknown`` if it can settle nothing or does not hold after ``lag``; else ``ActionLooked``, to be
    looked at again. What is unknown already is only confirmed or looked at.
    """
    spec, state = step.spec, context.incident.state(step.id).action
    if not isinstance(spec, Action) or state is None or state.started_at is None:
        return ()
    looked, trouble = await _look(context, step, spec, state)
    if state.was_done:
        because = "the call's answer was lost, and traffic cannot tell: it could not be told apart before the call"
        return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because))
    if looked.holds and state.holds + 1 >= spec.done_when.times:
        return (looked, ev.ActionConfirmed(step=step.id, attempt=state.attempt, share=looked.share, settled=True))
    lag = spec.done_when.lag
    if looked.holds or state.phase == "unknown" or context.now() < state.started_at + timedelta(seconds=lag):
        return (looked,)
    seen = trouble or f"{version(state.target)} serves {share(looked.share or 0.0)} after {lag:g} s"
    because = f"the call's answer was lost: {seen}"
    return (looked, ev.ActionUnknown(step=step.id, attempt=state.attempt, because=because))


async def _look(context: Context, step: Step, spec: Action, state: ActionState) -> tuple[ev.ActionLooked, str]:
    definition = definition_of(context, spec)
    try:
        shares = await read_shares(context, definition, names_of(context, state))
    except (SourceUnavailable, TemplateError) as error:
        return ev.ActionLooked(step=step.id, attempt=state.attempt, share=None, holds=False), str(error)
    if not shares.by:
        return ev.ActionLooked(step=step.id, attempt=state.attempt, share=None, holds=False), "there is no traffic"
    part = shares.of(state.target)
    return ev.ActionLooked(step=step.id, attempt=state.attempt, share=part, holds=part >= definition.share), ""
