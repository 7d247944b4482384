"""Which measurements have a chart, and when it is drawn anew. Pure.

A query says ``chart: true`` or ``false``. Where none of a runbook says ``true``, the service's quality is drawn (the
query that the catalogue calls ``quality``) once it is not as it should be. A chart is drawn when the measurement is
there, again a while after an action has changed the world, and when the watch ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from bot.incidents.acting import State
from bot.runbooks.schema import Queries, Query, Step

QUALITY = "quality"
#: The verdicts of measurements of which there is something to see.
_SEEN = frozenset({"ok", "warn", "bad", "inconclusive"})
#: So long after an action was confirmed there is a course to show.
AFTER_ACTION = timedelta(minutes=10)


class ChartState(State, frozen=True):
    """The newest drawing of a chart; ``file`` is empty if there is none."""

    step: str
    stage: str
    title: str = ""
    file: str = ""
    words: str = ""


class JumpState(State, frozen=True):
    """Whether a release shows in the measurement, as a sentence; ``again_at``: it can be told then."""

    because: str = ""
    again_at: datetime | None = None


class Wanted(msgspec.Struct, frozen=True):
    """A query that has a chart, called ``chart``; ``always``: even if it is as it should be."""

    chart: str
    query: Query
    always: bool


def charts_of(walk: tuple[Step, ...], step: Step) -> tuple[Wanted, ...]:
    """The charts of one measuring step."""
    asked = any(query.chart for other in walk for _, query in _queries(other))
    return tuple(
        Wanted(chart=name, query=query, always=bool(query.chart))
        for name, query in _queries(step)
        if query.chart or (not asked and query.chart is None and query.name == QUALITY)
    )


def _queries(step: Step) -> Iterator[tuple[str, Query]]:
    """The queries that have a course, each with the name of its chart."""
    spec = step.spec
    together = spec.queries if isinstance(spec, Queries) else (spec,) if isinstance(spec, Query) else ()
    for query in together:
        if query.promql is not None or query.graphite is not None:
            yield step.id if isinstance(spec, Query) else f"{step.id}/{query.name}", query


def worth_drawing(wanted: Wanted, verdict: str | None) -> bool:
    """Whether there is something to see."""
    return verdict in _SEEN and (wanted.always or verdict != "ok")


def stage(
    attempt: int, *, confirmed_at: datetime | None, ended_at: datetime | None
) -> tuple[str, tuple[tuple[datetime, str], ...]]:
    """How far it is, and the later stages with the moments at which they begin."""
    later: list[tuple[datetime, str]] = []
    if confirmed_at is not None:
        later.append((confirmed_at + AFTER_ACTION, f"{attempt} after the action of {confirmed_at:%d %H:%M:%S}"))
    if ended_at is not None:
        later.append((ended_at, f"{attempt} after the watch until {ended_at:%d %H:%M:%S}"))
    return f"{attempt} measured", tuple(sorted(later))


def main_query(walk: tuple[Step, ...]) -> tuple[Step, Query] | None:
    """The measurement that the runbook is about: the first that has a chart, else the first with a direction."""
    drawn = [(step, wanted.query) for step in walk for wanted in charts_of(walk, step)]
    others = [(step, query) for step in walk for _, query in _queries(step) if query.better is not None]
    return next(iter([*drawn, *others]), None)
