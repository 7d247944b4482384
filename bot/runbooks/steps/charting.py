"""What a measurement's chart shows: its course from before the trouble until now, and what happened meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from bot.changes.words import VERBS
from bot.charts import Chart, Line, Mark
from bot.connectors import Change, Changes, Series
from bot.runbooks.schema import Query
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.courses import before, course, version_labels
from bot.runbooks.steps.wording import version
from bot.runbooks.verdicts import USUAL_EFFECT, title_of
from bot.together import together

#: How much of the time before the alert is shown, and how far back a release is still shown.
BEFORE, RELEASE = timedelta(hours=1), timedelta(hours=6)
MOST_LINES, MOST_MARKS, MOMENTS = 4, 6, 240
#: Of the baseline's readings, so many lie within the band.
BAND = 0.9
_SIMPLE = re.compile(r"\s*value\s*(<=?|>=?)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*")


async def read_chart(context: Context, query: Query) -> Chart:
    """The chart of ``query``. Raises SourceUnavailable, NotConnected, TemplateError; ValueError for an empty one."""
    now, alert = context.now(), context.alerted_at
    known = await Changes(context.changes).since(context.incident.service, alert - RELEASE)
    start = _start(query, alert, known)
    any_version = bool(version_labels(query))
    step = max(15.0, (now - start).total_seconds() / MOMENTS)
    series, usual = await together(
        course(context, query, start=start, end=now, step=step, any_version=any_version),
        before(context, query, context.names),
    )
    lines = _lines(series, query)
    if not lines:
        raise ValueError("its source has no course of it")
    middle, low, high = _band([value for one in usual for value in one.values])
    threshold, worse = _threshold(query, middle)
    return Chart(
        title=title_of(query), unit=query.unit, lines=lines, usual=middle, low=low, high=high, threshold=threshold,
        worse=worse, marks=_marks(context, known, start),
    )  # fmt: skip


def _start(query: Query, alert: datetime, known: Sequence[Change]) -> datetime:
    """Long enough before the alert, and before the last release ahead of it."""
    start = alert - max(BEFORE, timedelta(seconds=query.range or 0.0))
    released = max((change.at for change in known if change.at <= alert), default=None)
    return min(start, released - timedelta(minutes=15)) if released else start


def _lines(series: Sequence[Series], query: Query) -> tuple[Line, ...]:
    """Of many series the newest, and among those the worst; each named by what tells it from the others."""
    told = [one for one in series if one.values]
    sign = 1 if query.better == "higher" else -1
    told.sort(key=lambda one: (-one.points[-1][0], sign * (one.last or 0.0)))
    told = told[:MOST_LINES]
    telling = [key for key in told[0].labels if len({one.labels.get(key) for one in told}) > 1] if told else []
    found = [
        Line(
            name=", ".join(version(one.labels.get(key, ""))[:20] for key in telling[:2]),
            points=tuple((at, value) for at, value in one.points if value is not None),
        )
        for one in told
    ]
    return tuple(sorted(found, key=lambda line: (line.points[0][0], line.name)))


def _band(values: list[float]) -> tuple[float | None, float | None, float | None]:
    """The median, and the bounds between which most of the values lie; nothing for none."""
    if not values:
        return None, None, None
    ordered = sorted(values)
    last, outside = len(ordered) - 1, (1 - BAND) / 2
    return ordered[len(ordered) // 2], ordered[round(outside * last)], ordered[round((1 - outside) * last)]


def _threshold(query: Query, usual: float | None) -> tuple[float | None, Literal["below", "above"] | None]:
    """From where on it is bad, if that is one number: of ``bad: value > 1``, or ``min_effect`` from the baseline."""
    if query.bad is not None:
        found = _SIMPLE.fullmatch(query.bad)
        return (float(found[2]), "below" if found[1].startswith("<") else "above") if found else (None, None)
    if query.better is None or usual is None or query.ok is not None:
        return None, None
    effect = query.min_effect if query.min_effect is not None else abs(usual) * USUAL_EFFECT[query.better]
    return (usual - effect, "below") if query.better == "higher" else (usual + effect, "above")


def _marks(context: Context, known: Sequence[Change], start: datetime) -> tuple[Mark, ...]:
    """Releases, the alert, and what was done since."""
    found = [
        Mark(change.at.timestamp(), _change(change), "change")
        for change in known[:MOST_MARKS]
        if start <= change.at <= context.now()
    ]
    found.append(Mark(context.alerted_at.timestamp(), "alert", "alert"))
    for step_id, state in context.incident.steps.items():
        action = state.action.effective if state.action else None
        if action is not None and action.phase == "confirmed" and action.confirmed_at is not None:
            to = f" to {version(action.target)[:20]}" if action.target and action.version else ""
            found.append(Mark(action.confirmed_at.timestamp(), f"{step_id[:20]}{to}", "action"))
    return tuple(sorted(found, key=lambda mark: mark.at))


def _change(change: Change) -> str:
    verb, what = VERBS.get(change.kind, "changed"), version(change.version or "")[:20]
    return f"{verb} {what}".strip() if verb.endswith(" to") else f"{what} {verb}".strip()
