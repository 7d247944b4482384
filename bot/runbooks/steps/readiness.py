"""Reads which of the last versions could serve at once."""

from __future__ import annotations

import asyncio

from bot.connectors import NotConnected, Series, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.readiness import KEPT, Readiness
from bot.runbooks.schema import Action, Query
from bot.runbooks.steps import courses
from bot.runbooks.steps.approved import NotPossible
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import bare, version
from bot.runbooks.templates import TemplateError

LABEL = "version"
TIME_LIMIT = 10.0


async def see_readiness(context: Context) -> tuple[ev.AnyEvent, ...]:
    """One ``ReadinessSeen``; what cannot be told says why."""
    query = context.incident.runbook.readiness if context.incident.runbook else None
    if query is None:
        return ()
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return (_seen(await courses.now(context, query, context.names), query),)
    except TimeoutError:
        return (ev.ReadinessSeen(because=f"{query.source} took longer than {TIME_LIMIT:g} s"),)
    except (NotConnected, SourceUnavailable, TemplateError) as error:
        return (ev.ReadinessSeen(because=str(error)),)


async def still_ready(context: Context, spec: Action, state: ActionState) -> None:
    """Raises NotPossible for a target that is not ready to serve now, unless an approver said yes knowing that.

    What cannot be told forbids nothing: it was asked about when the approval was.
    """
    before = context.incident.readiness
    known = before is not None and before.of(state.target) is False and bool(state.confirmed_by)
    if state.undo or known or not spec.of_version:
        return
    for seen in await see_readiness(context):
        if (
            isinstance(seen, ev.ReadinessSeen)
            and Readiness(at=context.now(), ready=seen.ready).of(state.target) is False
        ):
            raise NotPossible(f"{version(state.target)} is not ready to serve; ask again to go there all the same")


def _seen(series: tuple[Series, ...], query: Query) -> ev.ReadinessSeen:
    """A version is ready if all of its series are above 0."""
    ready: dict[str, bool] = {}
    for one in series:
        name = one.labels.get(LABEL, "")
        if name and one.last is not None:
            ready[name] = ready.get(name, True) and one.last > 0
    if not ready:
        return ev.ReadinessSeen(because=f"{query.source} names no version; sum by ({LABEL})")
    newest = sorted(ready, key=_order, reverse=True)[: KEPT + 1]
    return ev.ReadinessSeen(ready={name: ready[name] for name in newest})


def _order(name: str) -> tuple[tuple[int, int, str], ...]:
    """42 comes after 9, and 1.10 after 1.9."""
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in bare(name).split("."))
