"""Asks a source of series: what a query's text is now, what it was over a time, and what it usually is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.connectors import Series, SeriesSource
from bot.runbooks.schema import Query
from bot.runbooks.steps.context import Context
from bot.runbooks.templates import render

#: A baseline and a course are read at this many moments at most.
MOMENTS = 500
SHORTEST_STEP = 15.0
#: A label matcher for nothing but the running version, and the comma after it.
RUNNING = re.compile(r"""(\w+)\s*=~?\s*(["'])\{\{\s*running\s*\}\}\2\s*,?\s*""")
#: The running version as a node of a Graphite path; any version is a ``*``.
_RUNNING_NODE = re.compile(r"\{\{\s*running\s*\}\}")


def source_of(context: Context, query: Query) -> SeriesSource:
    """What the query asks. Raises NotConnected."""
    if query.promql is not None:
        return context.connectors.prometheus(query.source)
    return context.connectors.series_source(query.source)


def text_of(query: Query, names: Mapping[str, Any], *, any_version: bool = False) -> str:
    """The query's text with its values. ``any_version``: without the matcher for the running one."""
    if query.graphite is not None:
        text = _RUNNING_NODE.sub("*", query.graphite) if any_version else query.graphite
        return render(text, names, "graphite")
    text = query.promql or ""
    return render(RUNNING.sub("", text) if any_version else text, names, "promql")


async def now(context: Context, query: Query, names: Mapping[str, Any]) -> tuple[Series, ...]:
    """The values now."""
    return await source_of(context, query).instant(text_of(query, names), context.now())


async def counted(context: Context, query: Query, names: Mapping[str, Any]) -> tuple[Series, ...]:
    """How many cases the values are about; none if nobody says."""
    if query.denominator is None:
        return ()
    language: Literal["promql", "graphite"] = "promql" if query.graphite is None else "graphite"
    return await source_of(context, query).instant(render(query.denominator, names, language), context.now())


async def before(context: Context, query: Query, names: Mapping[str, Any]) -> tuple[Series, ...]:
    """The series of the baseline's time, which ends before the trouble began; none without a baseline."""
    if query.baseline is None:
        return ()
    text = text_of(query, names, any_version=query.baseline.any_version)
    end = min(context.now(), context.alerted_at) - timedelta(seconds=query.baseline.offset)
    start = end - timedelta(seconds=query.baseline.range)
    return await source_of(context, query).range(text, start, end, step_of(query.baseline.range))


async def course(
    context: Context,
    query: Query,
    names: Mapping[str, Any] | None = None,
    *,
    start: datetime,
    end: datetime,
    step: float,
    any_version: bool = False,
) -> tuple[Series, ...]:
    """The series from ``start`` to ``end``."""
    text = text_of(query, context.names if names is None else names, any_version=any_version)
    return await source_of(context, query).range(text, start, end, step)


def step_of(span: float) -> float:
    """Seconds between two moments of a course of ``span`` seconds."""
    return max(SHORTEST_STEP, math.ceil(span / MOMENTS))


def version_labels(query: Query) -> frozenset[str]:
    """The labels by which the baseline is not told apart."""
    if query.baseline is None or not query.baseline.any_version:
        return frozenset()
    if query.graphite is not None:
        return frozenset({"target"})
    return frozenset(match[1] for match in RUNNING.finditer(query.promql or ""))
