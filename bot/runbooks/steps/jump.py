"""Did the measurement jump when the last version was released? Held against its usual ups and downs.

That something happened after a release is no proof that it happened because of it. The difference is compared with
those at dates when nothing was released (placebo dates), or with blocks of the series drawn anew where the history is
short; neighbours in a series are alike, and a naive test would cry wolf every other time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.changes.words import after_it
from bot.connectors import Change, NotConnected, Series
from bot.errors import Mistake, Unavailable
from bot.incidents import events as ev
from bot.incidents.charted import main_query
from bot.runbooks.schema import Query, Step
from bot.runbooks.steps.changes import around_the_alert, suspect_of
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.courses import SHORTEST_STEP, course, version_labels
from bot.runbooks.steps.watch import ready_at
from bot.runbooks.steps.wording import whole_second
from bot.runbooks.verdicts import number, span, title_of
from bot.statistics.jumps import PLACEBOS, Jump, jump

log = structlog.get_logger(__name__)

#: For reading and computing; in seconds.
TIME_LIMIT = 20.0
#: The history that is read: enough for the placebo dates, a week at most, in so many points at most.
LONGEST, MOST_POINTS = timedelta(days=7), 1500

#: After labels and windows had the time to change, so long until there is enough to see.
SETTLED = timedelta(minutes=2)
#: A source or another process that is away is asked again after so long, until so long after it could be told.
AGAIN, PATIENCE = timedelta(minutes=1), timedelta(minutes=5)

Points = Sequence[tuple[float, float]]


async def see_jump(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """One ``JumpTested``; what cannot be told is said in the log and nowhere else.

    It is about the service's own change, or about one of what it depends on where it was not changed itself.
    """
    known, found = main_query(context.incident.walk()), await around_the_alert(context)
    suspect = suspect_of(found.own or found.others, context.alerted_at)
    if known is None or suspect is None:
        return (ev.JumpTested(step=step.id),)
    ready = ready_at(known[1], suspect.at) + SETTLED
    if context.now() < ready:
        return (ev.JumpTested(step=step.id, version=suspect.version or "", again_at=ready),)
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return (await _tested(context, step, known[1], suspect),)
    except (TimeoutError, NotConnected, Unavailable, Mistake, ValueError) as error:
        log.info("a jump could not be tested", incident=context.incident.number, because=str(error) or "too slow")
        last = max(ready, context.incident.state(step.id).at or ready) + PATIENCE
        away = isinstance(error, TimeoutError | Unavailable) and context.now() < last
        later = whole_second(context.now() + AGAIN) if away else None
        return (ev.JumpTested(step=step.id, version=suspect.version or "", again_at=later),)


async def _tested(context: Context, step: Step, query: Query, suspect: Change) -> ev.JumpTested:
    now, after = context.now(), context.now() - suspect.at
    start = suspect.at - min(LONGEST, (2 * PLACEBOS + 1) * after)
    every = max(SHORTEST_STEP, (now - start).total_seconds() / MOST_POINTS)
    any_version = bool(version_labels(query))
    series = await course(context, query, start=start, end=now, step=every, any_version=any_version)
    points = spliced(series, query)
    index = next((i for i, (at, _) in enumerate(points) if at >= suspect.at.timestamp()), len(points))
    found = await context.compute(jump, [value for _, value in points], index, seed=context.incident.number)
    because = sentence(query, suspect, points, index, found, service=context.incident.service)
    return ev.JumpTested(
        step=step.id, version=suspect.version or "", because=because,
        difference=found.difference, low=_finite(found.low), high=_finite(found.high), n=found.n,
        effective_n=found.effective_n, method=found.method,
    )  # fmt: skip


def spliced(series: Sequence[Series], query: Query) -> list[tuple[float, float]]:
    """One course of several: at every moment that of the version that came last, and of others the worst."""
    worst = min if query.better == "higher" else max
    begins = {id(one): one.points[0][0] for one in series if one.points}
    by: dict[float, list[tuple[float, float]]] = {}
    for one in series:
        for at, value in one.points:
            if value is not None:
                by.setdefault(at, []).append((begins[id(one)], value))
    found = []
    for at in sorted(by):
        newest = max(begin for begin, _ in by[at])
        found.append((at, worst(value for begin, value in by[at] if begin == newest)))
    return found


def sentence(query: Query, suspect: Change, points: Points, index: int, found: Jump, *, service: str) -> str:
    """``Recall fell 6 min after v42 was released, since then by 9.8 points on average (95 %: -11.4 to -8.1,
    effective n 21)``; or that it did not. The average since the release is less than the fall at its end.

    Nothing where it cannot be told: too few points, or too few dates without a release.
    """
    title, after = title_of(query), after_it(suspect, service=service)
    if found.method == "too_short":
        return ""
    rate = not query.unit and all(0 <= value <= 1 for _, value in points)
    low, high = (_said(end, query, rate=rate) for end in (found.low, found.high))
    about = f"(95 %: {low} to {high}, effective n {found.effective_n:.0f})"
    if found.direction == 0:
        move = {"higher": "fall", "lower": "rise", None: "move"}[query.better]
        told = f"{title} did not {move} more than it usually does after {after} {about}"
        return told if _finite(found.low) is not None else ""
    size = f"{abs(found.difference) * 100:.1f} points" if rate else number(abs(found.difference), query.unit)
    moved = "rose" if found.direction > 0 else "fell"
    onset = _onset(suspect.at, points, index, found)
    return f"{title} {moved} {onset} after {after}, since then by {size} on average {about}"


def _onset(released: datetime, points: Points, index: int, found: Jump) -> str:
    """How long after the release the course had gone half the way."""
    before = points[:index]
    usual = sum(value for _, value in before) / len(before)
    half = usual + found.difference / 2
    gone = (at for at, value in points[index:] if (value - half) * found.difference >= 0)
    return span(max(0.0, next(gone, points[-1][0]) - released.timestamp()))


def _said(end: float, query: Query, *, rate: bool) -> str:
    return f"{end * 100:+.1f}" if rate else f"{'+' if end > 0 else ''}{number(end, query.unit)}"


def _finite(end: float) -> float | None:
    return end if abs(end) != float("inf") else None
