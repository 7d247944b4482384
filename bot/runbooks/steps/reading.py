"""Reads what a query asks for: the value, how many it is about, its baseline and its course, side by side."""

from __future__ import annotations

import asyncio
import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from bot.connectors import NotConnected, Prometheus, Series, SourceUnavailable
from bot.runbooks.schema import Baseline, Query
from bot.runbooks.steps.context import Context
from bot.runbooks.templates import evaluate, render

#: A baseline and a course are read at this many moments at most.
MOMENTS = 500
SHORTEST_STEP = 15.0
#: A label matcher for nothing but the running version, and the comma after it.
_RUNNING = re.compile(r"""(\w+)\s*=~?\s*(["'])\{\{\s*running\s*\}\}\2\s*,?\s*""")
_REDUCE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "median": statistics.median, "mean": statistics.fmean, "min": min, "max": max,
}  # fmt: skip


class Found(msgspec.Struct, frozen=True):
    """What a source said. None is "it said nothing". ``slope`` is the change in an hour.

    ``where`` names the series that was chosen among several (``region=eu``), ``of`` how many there were.
    """

    value: float | None = None
    baseline: float | None = None
    slope: float | None = None
    series: tuple[float, ...] = ()
    n: int | None = None
    where: str = ""
    of: int = 0


async def read(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    """Ask the query's source. Raises SourceUnavailable, TemplateError."""
    if query.promql is not None:
        return await _from_prometheus(context, query, names)
    if query.get is not None:
        return await _from_http(context, query, names)
    raise NotConnected(f"{query.source} is asked in a language that is not spoken here yet; use promql or get")


async def _from_http(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    http = context.connectors.http(query.source)
    body = await http.get(render(query.get or "", names, "url"))
    value = evaluate(query.value, {**names, "body": body}) if query.value else body
    if value is None:
        return Found()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise http.client.broken("where a number was expected stands something else")
    return Found(value=float(value), of=1)


async def _from_prometheus(context: Context, query: Query, names: Mapping[str, Any]) -> Found:
    source = context.connectors.prometheus(query.source)
    promql = render(query.promql or "", names, "promql")
    now = context.now()
    values, counted, before, course = await _together(
        source.instant(promql, now),
        _counted(source, query, names, context),
        _before(source, query, names, context),
        _course(source, query, promql, context),
    )
    chosen = choose(values, query)
    if chosen is None:
        return Found(n=counted)
    labels, ignored = chosen.labels, _version_labels(query)
    slope, series = _shape([one for one in course if one.labels == labels])
    return Found(
        value=chosen.last, baseline=reduced(before, query.baseline, like=labels, ignored=ignored), slope=slope,
        series=series, n=counted, where=_where(labels, values), of=len(values),
    )  # fmt: skip


async def _together(*work: Any) -> list[Any]:
    """All at once; the first failure is raised after the others have been cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


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


def _where(labels: Mapping[str, str], values: Sequence[Series]) -> str:
    """By what the chosen series differs from the others."""
    if len(values) < 2:
        return ""
    telling = [k for k, v in labels.items() if any(one.labels.get(k) != v for one in values)]
    return ", ".join(f"{key}={labels[key][:40]}" for key in telling[:3])


async def _counted(source: Prometheus, query: Query, names: Mapping[str, Any], context: Context) -> int | None:
    if query.denominator is None:
        return None
    series = await source.instant(render(query.denominator, names, "promql"), context.now())
    told = [one.last for one in series if one.last is not None]
    return round(sum(told)) if told else None


async def _before(source: Prometheus, query: Query, names: Mapping[str, Any], context: Context) -> tuple[Series, ...]:
    """The series of the baseline's time, which ends before the trouble began."""
    if query.baseline is None:
        return ()
    text = query.promql or ""
    promql = render(_RUNNING.sub("", text) if query.baseline.any_version else text, names, "promql")
    end = min(context.now(), context.alerted_at) - timedelta(seconds=query.baseline.offset)
    start = end - timedelta(seconds=query.baseline.range)
    return await source.range(promql, start, end, _step(query.baseline.range))


async def _course(source: Prometheus, query: Query, promql: str, context: Context) -> tuple[Series, ...]:
    if query.range is None:
        return ()
    now = context.now()
    step = max(query.step or 0.0, _step(query.range))
    return await source.range(promql, now - timedelta(seconds=query.range), now, step)


def _step(span: float) -> float:
    return max(SHORTEST_STEP, math.ceil(span / MOMENTS))


def _version_labels(query: Query) -> frozenset[str]:
    """The labels by which the baseline is not told apart."""
    if query.baseline is None or not query.baseline.any_version:
        return frozenset()
    return frozenset(match[1] for match in _RUNNING.finditer(query.promql or ""))


def reduced(
    series: Sequence[Series], baseline: Baseline | None, *, like: Mapping[str, str], ignored: frozenset[str]
) -> float | None:
    """One number for the baseline: of the series with the same labels, ``ignored`` ones aside; None without any."""
    if baseline is None:
        return None
    wanted = {key: value for key, value in like.items() if key not in ignored}
    same = [one for one in series if {k: v for k, v in one.labels.items() if k not in ignored} == wanted]
    values = [value for one in same for value in one.values]
    return _REDUCE[baseline.reduce](values) if values else None


def _shape(course: Sequence[Series]) -> tuple[float | None, tuple[float, ...]]:
    """The change in an hour by least squares, and the values."""
    points = [(at, value) for one in course for at, value in one.points if value is not None]
    values = tuple(value for _, value in points)
    if len({at for at, _ in points}) < 2:
        return None, values
    line = statistics.linear_regression([at for at, _ in points], values)
    return line.slope * 3600.0, values
