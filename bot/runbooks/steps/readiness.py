"""Reads which of the last versions could serve at once."""

from __future__ import annotations

import asyncio

from bot.connectors import NotConnected, Series, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.readiness import KEPT
from bot.runbooks.schema import Query
from bot.runbooks.steps import courses
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import bare
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
