"""Reads what a query asks for: the value, how many it is about, its baseline and its course, side by side."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from bot.connectors import Series, SourceUnavailable
from bot.connectors.points import measurable
from bot.runbooks.schema import Baseline, Query
from bot.runbooks.steps import courses
from bot.runbooks.steps.context import Context
from bot.runbooks.templates import evaluate, render
from bot.runbooks.trending import Slope, course_range, uses_slope
from bot.statistics.series import trend
from bot.together import together

_REDUCE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "median": statistics.median, "mean": statistics.fmean, "min": min, "max": max,
}  # fmt: skip


#: With fewer moments of a baseline than this its outer 2.5 % are single readings.
FEWEST_USUAL = 40
#: Labels that say what a series is called, not what it is about.
_NAMES = frozenset({"__name__", "target"})


class Found(msgspec.Struct, frozen=True):
    """What a source said. None is "it said nothing".

    ``usual`` holds the middle 95 % of the baseline's moments, None of few moments.
    ``where`` names the series that was chosen among several (``region=eu``), ``of`` how many there were.
    """

    value: float | None = None
    baseline: float | None = None
    usual: tuple[float, float] | None = None
    slope: Slope | None = None
    series: tuple[float, ...] = ()
    n: int | None = None
    where: str = ""
    of: int = 0


async def read(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    """Ask the query's source. Raises SourceUnavailable, TemplateError."""
    if query.get is not None:
        return await _from_http(context, query, names)
    return await _from_series(context, query, names)


async def _from_http(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    http = context.connectors.http(query.source)
    body = await http.get(render(query.get or "", names, "url"))
    value = evaluate(query.value, {**names, "body": body}) if query.value else body
    if value is None:
        return Found()
    number = measurable(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None:
        raise http.client.broken("where a number was expected stands something else")
    return Found(value=number, of=1)


async def _from_series(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    values, cases, usual, course = await together(
        courses.now(context, query, names),
        courses.counted(context, query, names),
        courses.before(context, query, names),
        _course(context, query, names),
    )
    chosen = choose(values, query)
    if chosen is None:
        return Found(n=cases_of(cases, {}))
    labels, ignored = chosen.labels, courses.version_labels(query)
    same = [one for one in course if one.labels == labels]
    past = _past(usual, like=labels, ignored=ignored)
    return Found(
        value=chosen.last, baseline=_reduced(past, query.baseline), usual=usual_range(past),
        slope=await _slope(context, query, same), series=tuple(value for one in same for value in one.values),
        n=cases_of(cases, labels), where=_where(labels, values), of=len(values),
    )  # fmt: skip


async def _course(context: Context, query: Query, names: Mapping[str, Any]) -> tuple[Series, ...]:
    span = course_range(query)
    if span is None:
        return ()
    now = context.now()
    step = max(query.step or 0.0, courses.step_of(span))
    start = now - timedelta(seconds=span)
    return await courses.course(context, query, names, start=start, end=now, step=step)


def choose(values: Sequence[Series], query: Query) -> Series | None:
    """The one series, or the worst of several by ``better``; None if none has a number.

    Raises SourceUnavailable for several when nobody said which way is better.
    """
    told = [one for one in values if one.last is not None]
    if len(told) <= 1:
        return told[0] if told else None
    if query.better is None:
        raise SourceUnavailable(f"{query.source} answers {len(told)} series where one is expected; sum them")
    worst = min if query.better == "higher" else max
    return worst(told, key=lambda one: one.last or 0.0)


def cases_of(counts: Sequence[Series], labels: Mapping[str, str]) -> int | None:
    """How many cases a series with these labels is about: the counts that are of nothing else, added up.

    A rate of one region is about that region's cases, not about everybody's. None if nobody counted them.
    """
    told = [one for one in counts if one.last is not None]
    same = [one for one in told if all(labels.get(k, v) == v for k, v in one.labels.items() if k not in _NAMES)]
    return round(sum(one.last or 0.0 for one in same)) if same else None


def _where(labels: Mapping[str, str], values: Sequence[Series]) -> str:
    """By what the chosen series differs from the others."""
    if len(values) < 2:
        return ""
    telling = [k for k, v in labels.items() if any(one.labels.get(k) != v for one in values)]
    return ", ".join(f"{key}={labels[key][:40]}" for key in telling[:3])


def usual_range(past: Sequence[float]) -> tuple[float, float] | None:
    """Between which values the middle 95 % of ``past`` lie: how far the series moves when nothing is wrong.

    None of fewer moments than ``FEWEST_USUAL``.
    """
    if len(past) < FEWEST_USUAL:
        return None
    cuts = statistics.quantiles(past, n=40, method="inclusive")
    return cuts[0], cuts[-1]


def _reduced(past: Sequence[float], baseline: Baseline | None) -> float | None:
    """One number for the baseline; None without any."""
    return _REDUCE[baseline.reduce](past) if baseline is not None and past else None


def _past(series: Sequence[Series], *, like: Mapping[str, str], ignored: frozenset[str]) -> list[float]:
    """The readings of the series with the same labels, ``ignored`` ones aside."""
    wanted = {key: value for key, value in like.items() if key not in ignored}
    same = [one for one in series if {k: v for k, v in one.labels.items() if k not in ignored} == wanted]
    return [value for one in same for value in one.values]


async def _slope(context: Context, query: Query, course: Sequence[Series]) -> Slope | None:
    """The trend of the course with its interval, if the query is judged by it; worked out in the other process."""
    points = [(at, value) for one in course for at, value in one.points if value is not None]
    if not points or not uses_slope(query):
        return None
    found = await context.compute(trend, [at for at, _ in points], [value for _, value in points])
    return Slope(
        per_hour=found.slope_per_hour, low=found.low, high=found.high, n=found.n, effective_n=found.effective_n
    )
