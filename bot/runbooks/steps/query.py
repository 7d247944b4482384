"""The step ``query``: one measurement, or several side by side, each judged on what its source said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from bot.connectors import NotConnected, SourceUnavailable
from bot.incidents import events as ev
from bot.runbooks.links import built
from bot.runbooks.named import versions_asked
from bot.runbooks.schema import Compare, Queries, Query, Step, Verdict
from bot.runbooks.steps import changes
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.reading import Found, read
from bot.runbooks.steps.retry import retry
from bot.runbooks.steps.wording import WORST_FIRST
from bot.runbooks.templates import TemplateError
from bot.runbooks.verdicts import Judgement, Reading, judge, title_of

#: No source holds up the others for longer than this, in seconds.
TIME_LIMIT = 10.0
MOST_LINKS = 3


class Judged(msgspec.Struct, frozen=True):
    """One measurement with its verdict. ``away`` says that the source failed and may answer later.

    ``links`` are titles and addresses where a person reads on.
    """

    judgement: Judgement
    found: Found = Found()
    away: bool = False
    links: tuple[tuple[str, str], ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self.judgement.verdict

    @property
    def because(self) -> str:
        """The line that people read."""
        return self.judgement.because


async def measure(context: Context, step: Step) -> ev.StepMeasured:
    """One measurement: the value with its baseline, n and verdict."""
    spec = step.spec
    if not isinstance(spec, Query):
        raise TypeError("not a query")
    if spec.source == "changes":
        return await changes.measure(context, step)
    return _event(context, step, [await judged(context, spec, context.names)])


async def measure_together(context: Context, step: Step) -> ev.StepMeasured:
    """Several measurements at once; the verdict is the worst one's, and so are the value, baseline and n."""
    spec = step.spec
    if not isinstance(spec, Queries):
        raise TypeError("not several queries")
    found = list(await asyncio.gather(*(judged(context, query, context.names) for query in spec.queries)))
    found += [unknown(f"not configured: {missing}") for missing in spec.missing]
    return _event(context, step, found)


async def judged(context: Context, query: Query, names: Mapping[str, Any]) -> Judged:
    """One measurement within its time limit; what goes wrong is the verdict ``error`` with a sentence."""
    found = await _judged(context, query, names)
    return msgspec.structs.replace(found, links=_links(context, query, names)) if query.links else found


def _links(context: Context, query: Query, names: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What can be built; a link that lacks a value is left out."""
    found = []
    for link in query.links[:MOST_LINKS]:
        with suppress(TemplateError):
            found.append(built(link, names, around=context.alerted_at, now=context.now()))
    return tuple(found)


async def _judged(context: Context, query: Query, names: Mapping[str, Any]) -> Judged:
    if query.source == "changes":
        return unknown("changes are looked at once, when the incident is opened")
    if missing := unknown_version(context, names, query):
        return unknown(f"{title_of(query)}: {missing}")
    try:
        async with asyncio.timeout(TIME_LIMIT):
            found = await read(context, query, names)
    except TimeoutError:
        return _failed(query, f"{query.source} took longer than {TIME_LIMIT:g} s", away=True)
    except NotConnected as error:
        return _failed(query, str(error))
    except SourceUnavailable as error:
        return _failed(query, str(error), away=True)
    except TemplateError as error:
        return _failed(query, f"it cannot be asked: {error}")
    age = query.label_delay if query.signal == "delayed" and query.label_delay else None
    reading = Reading(
        value=found.value,
        baseline=found.baseline,
        usual=found.usual,
        slope=found.slope,
        series=found.series,
        n=found.n,
        age=age,
    )
    return Judged(_with_place(judge(query, reading, names), found), found)


def unknown(because: str) -> Judged:
    """No data, and why."""
    return Judged(Judgement(verdict="no_data", because=because))


def unknown_version(context: Context, names: Mapping[str, Any], spec: Query | Compare) -> str:
    """Why something that names the running version or the target cannot be asked yet; empty if it can."""
    seen = context.incident.versions
    missing = sorted(versions_asked(spec) - names.keys())
    if not missing:
        return ""
    return seen.because if seen and seen.because else f"the {missing[0]} version is not known"


def _failed(query: Query, error: str, *, away: bool = False) -> Judged:
    return Judged(judge(query, Reading(error=error)), away=away)


def _with_place(judgement: Judgement, found: Found) -> Judgement:
    """Says which series it is about, where there are several and one of them is not as it should be."""
    if not found.where or judgement.verdict == "ok":
        return judgement
    because = f"{judgement.because} · {found.where}, the worst of {found.of}"
    return msgspec.structs.replace(judgement, because=because)


def _event(context: Context, step: Step, measured: Sequence[Judged]) -> ev.StepMeasured:
    """The worst measurement's numbers, everybody's sentence."""
    ordered = sorted(measured, key=lambda one: WORST_FIRST.index(one.verdict))
    first = ordered[0] if ordered else unknown("there is nothing to measure")
    again_at, evidence = retry(context, step) if any(one.away for one in measured) else (None, {})
    links = [[*link] for one in ordered if one.verdict != "ok" or len(ordered) == 1 for link in one.links]
    evidence = {**evidence, **({"links": links[:MOST_LINKS]} if links else {})}
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict=first.verdict,
        because="; ".join(one.because for one in ordered or [first]), value=first.found.value,
        baseline=first.found.baseline, n=first.found.n, low=first.judgement.low, high=first.judgement.high,
        running=context.names.get("running"), again_at=again_at, evidence=evidence,
    )  # fmt: skip
