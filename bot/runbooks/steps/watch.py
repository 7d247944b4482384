"""The step ``watch``: looks after the fix, again and again, and says so only when it does not hold."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.connectors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.acting import WatchState
from bot.incidents.stamps import stamp
from bot.incidents.walk import the_action
from bot.runbooks.equivalence import Tallied, with_look
from bot.runbooks.equivalence import judged as equivalent
from bot.runbooks.schema import Query, Step, Unconfigured, Watch
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.query import Judged, judged, unknown
from bot.runbooks.steps.serving import read_shares, serving
from bot.runbooks.steps.wording import same_version, share, version, whole_second, worst
from bot.runbooks.templates import TemplateError
from bot.runbooks.verdicts import Judgement, title_of

_WINDOW = re.compile(r"\[(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


async def look(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """One look of a watch: ``WatchLooked``; after ``fail_after`` bad ones in a row also the end, and ``Reopened``.

    Nothing at all if no watch runs. What had no time to change since the watch began is ``no_data``.
    """
    watch, attempt = context.incident.state(step.id).watch, context.attempt(step)
    if watch is None or watch.ended_at is not None:
        return ()
    if not isinstance(step.spec, Watch):
        missing = step.spec.missing if isinstance(step.spec, Unconfigured) else "there is nothing to look at"
        because = f"not configured for {context.incident.service}: {missing}"
        return (ev.WatchLooked(step=step.id, attempt=attempt, verdict="no_data", because=because),)
    running, relapse = await _running(context, step.spec)
    names: dict[str, Any] = {**context.names, **({"running": running} if running else {})}
    found = await asyncio.gather(*(_check(context, query, watch, names) for query in step.spec.checks))
    seen = [*([Judged(Judgement(verdict="bad", because=relapse))] if relapse else []), *found]
    verdict = worst([one.verdict for one in seen])
    because = "; ".join(one.because for one in seen if one.because)
    value = next((one.found.value for one in found if one.verdict == verdict), None)
    tallies, holds = _equivalence(step.spec, watch, found)
    looked = ev.WatchLooked(
        step=step.id, attempt=attempt, verdict=verdict, because=because, value=value, running=running,
        tallies=tallies, holds=holds,
    )  # fmt: skip
    return (looked, *_ended(step, step.spec, watch, looked))


async def _check(context: Context, query: Query, watch: WatchState, names: dict[str, Any]) -> Judged:
    ready = ready_at(query, watch.since)
    if context.now() < ready:
        return unknown(f"{title_of(query)} had no time to change: no data until {stamp(ready)}")
    return await judged(context, query, names)


def _equivalence(spec: Watch, watch: WatchState, found: Sequence[Judged]) -> tuple[dict[str, Tallied], str]:
    """What all looks together have seen of each check, and what can be said of it."""
    tallies: dict[str, Tallied] = {}
    said: list[str] = []
    planned = max(1, round((watch.until - watch.since).total_seconds() / watch.every))
    for number, (query, one) in enumerate(zip(spec.checks, found, strict=True)):
        name, read = query.name or f"check {number + 1}", one.found
        before = watch.tallies.get(name, Tallied())
        if read.value is not None and read.baseline is not None and one.verdict not in ("no_data", "error"):
            disjoint = 0 < _window(query) <= watch.every
            before = with_look(before, value=read.value, n=read.n, baseline=read.baseline, disjoint=disjoint)
            tallies[name] = before
        beside = one.because if len(found) == 1 else ""
        if (told := equivalent(query, before, looks=planned, beside=beside)) is not None:
            said.append(told[1])
    return tallies, "; ".join(said)


def _window(query: Query) -> float:
    """The longest window of the query's rates, in seconds; 0 for a gauge."""
    return max((float(n) * _SECONDS[unit] for n, unit in _WINDOW.findall(query.promql or "")), default=0.0)


def ready_at(query: Query, since: datetime) -> datetime:
    """When a reading of the query can be about what serves since ``since``: labels are there, windows are over."""
    return whole_second(since + timedelta(seconds=max(query.label_delay, _window(query))))


async def _running(context: Context, spec: Watch) -> tuple[str | None, str]:
    """What serves now (as last seen if it cannot be read), and a sentence if what was rolled back serves again."""
    seen = context.incident.versions.running if context.incident.versions else None
    definition = serving(context.incident)
    if definition is None:
        return seen, ""
    try:
        shares = await read_shares(context, definition)
    except (SourceUnavailable, TemplateError):
        return seen, ""
    left = _left_behind(context, spec)
    now = shares.running
    if now and left and same_version(now, left):
        return now, f"{version(now)} serves again: {share(shares.of(now))} of the traffic"
    return now or seen, ""


def _left_behind(context: Context, spec: Watch) -> str | None:
    """The version that the watched action went away from."""
    action = context.incident.state(spec.starts).action if spec.starts else None
    if action is None and (step := the_action(context.incident)) is not None:
        action = context.incident.state(step.id).action
    return action.running if action is not None and action.phase == "confirmed" else None


def _ended(step: Step, spec: Watch, watch: WatchState, looked: ev.WatchLooked) -> tuple[ev.AnyEvent, ...]:
    in_a_row = watch.bad_in_a_row + 1
    if looked.verdict != "bad" or in_a_row < spec.fail_after:
        return ()
    ended = ev.WatchEnded(step=step.id, attempt=looked.attempt, verdict="bad", because=looked.because)
    if spec.on_fail == "notify":
        return (ended,)
    times = "once" if in_a_row == 1 else f"{in_a_row} times in a row"
    return (ended, ev.Reopened(reason=f"relapse, seen {times}: {looked.because}", step=step.id))
