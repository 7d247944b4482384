"""The step ``compare``: the running version against the one that would be gone back to, on labelled cases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.connectors import Evaluation
from bot.incidents import events as ev
from bot.incidents.stamps import stamp
from bot.runbooks.schema import DRIFTS, Compare, Step
from bot.runbooks.steps import drifting
from bot.runbooks.steps.comparing import sentence
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.query import unknown_version
from bot.runbooks.steps.wording import count, same_version, version, whole_second
from bot.runbooks.templates import render
from bot.runbooks.verdicts import span
from bot.statistics import compare_request, compare_rows
from bot.statistics.counts import CompareRequest, Comparison, SliceComparison, SliceCounts
from bot.statistics.drift_rows import Drifted, drift_rows
from bot.statistics.rows import Rows, RowsRequest


async def measure(context: Context, step: Step) -> ev.StepMeasured:
    """The verdict of the comparison, its interval and sizes. ``value`` is the effect, the running version's surplus.

    Labels younger than ``label_delay`` are ``no_data`` until they are old enough: ``again_at``. Raises
    SourceUnavailable, TemplateError, and ValueError for counts that cannot be and rows that cannot be compared.
    """
    spec = step.spec
    if not isinstance(spec, Compare):
        raise TypeError("not a comparison")
    if missing := unknown_version(context, context.names, spec):
        return _no_data(context, step, missing)
    a, b = render(spec.a, context.names), render(spec.b, context.names)
    if same_version(a, b):
        serves = same_version(a, context.names.get("running"))
        why = "serves already; nothing to compare" if serves else "would be compared with itself"
        return _no_data(context, step, f"{version(a)} {why}")
    found = await _asked(context, spec, a=a, b=b)
    if found.rows is not None:
        return await _of_rows(context, step, spec, found, found.rows, a=a, b=b)
    if needs := _only_rows(spec):
        return _no_data(context, step, f"{spec.source} brings counts, and {needs} needs rows")
    again_at = _mature_at(context, spec, found)
    if again_at is not None:
        age = span(found.labels_age_seconds or 0.0)
        because = f"labels are {age} old and need {span(spec.label_delay)}: no data until {stamp(again_at)}"
        return _no_data(context, step, because, again_at)
    result = await context.compute(compare_request, _request(context, step, spec, found))
    return _measured(context, step, spec, found, result, a=a, b=b)


async def _asked(context: Context, spec: Compare, *, a: str, b: str) -> Evaluation:
    evaluator = context.connectors.evaluator(spec.source)
    where = {"path": render(spec.get, context.names, "url")} if spec.get else {}
    return await evaluator.compare(
        service=context.incident.service, a=a, b=b, metric=spec.metric, slices=spec.slices, weights=spec.weights,
        cluster=spec.cluster, **where,
    )  # fmt: skip


def _only_rows(spec: Compare) -> str | None:
    """What of ``spec`` cannot be done with counts."""
    if spec.weights or spec.cluster:
        return f"'{'weights' if spec.weights else 'cluster'}'"
    if spec.test in ("mann_whitney", *DRIFTS) or spec.statistic != "mean":
        return f"'{spec.test if spec.statistic == 'mean' else spec.statistic}'"
    return None


async def _of_rows(
    context: Context, step: Step, spec: Compare, found: Evaluation, rows: Rows, *, a: str, b: str
) -> ev.StepMeasured:
    request = RowsRequest(
        test=spec.test, better=spec.better, min_effect=spec.min_effect, rows=rows, metric=spec.metric,
        confidence=spec.confidence, min_positives=spec.min_positives, slices=spec.slices, correct=spec.correct,
        weights=spec.weights, cluster=spec.cluster, statistic=spec.statistic, label_delay=spec.label_delay,
        now=context.now().timestamp(), seed=_seed(context, step),
    )  # fmt: skip
    if spec.test in DRIFTS:
        drifted = await context.compute(drift_rows, request)
        if drifted.mature_at is None:
            return _drifted(context, step, spec, drifted, a=a, b=b)
        return _too_young(context, step, spec, drifted.left_out.immature, drifted.mature_at)
    result = await context.compute(compare_rows, request)
    if result.mature_at is None:
        return _measured(context, step, spec, found, result, a=a, b=b)
    return _too_young(context, step, spec, result.left_out.immature, result.mature_at)


def _too_young(context: Context, step: Step, spec: Compare, immature: int, mature_at: float) -> ev.StepMeasured:
    ripe = datetime.fromtimestamp(mature_at, UTC)
    again_at = whole_second(max(ripe, context.now() + timedelta(seconds=1)))
    young = f"{count(immature)} of the labels" if immature else "labels"
    because = f"{young} are younger than {span(spec.label_delay)}: no data until {stamp(again_at)}"
    return _no_data(context, step, because, again_at)


def _drifted(context: Context, step: Step, spec: Compare, result: Drifted, *, a: str, b: str) -> ev.StepMeasured:
    """A drift says nothing of versions: the event names those that were known, and not the two sides."""
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict=result.drift.verdict,
        because=drifting.sentence(spec, result, a=a, b=b), value=result.drift.value, n=result.drift.n,
        running=context.names.get("running"), target=context.names.get("target"),
        evidence=drifting.evidence(spec, result),
    )  # fmt: skip


def _no_data(context: Context, step: Step, because: str, again_at: datetime | None = None) -> ev.StepMeasured:
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict="no_data", because=because, again_at=again_at,
        running=context.names.get("running"), target=context.names.get("target"),
    )  # fmt: skip


def _mature_at(context: Context, spec: Compare, found: Evaluation) -> datetime | None:
    """When the labels will be old enough; None if they are."""
    if found.labels_age_seconds is None or found.labels_age_seconds >= spec.label_delay:
        return None
    wait = timedelta(seconds=max(1.0, spec.label_delay - found.labels_age_seconds))
    return whole_second(context.now() + wait)


def _seed(context: Context, step: Step) -> int:
    """What is drawn for one attempt of one incident is always the same."""
    return context.incident.number * 1000 + context.attempt(step)


def _request(context: Context, step: Step, spec: Compare, found: Evaluation) -> CompareRequest:
    paired = spec.test == "paired" or (spec.test == "bootstrap" and found.paired is not None)
    slices = tuple(
        SliceCounts(by=by, value=value, paired=cut.paired if paired else None, a=cut.a, b=cut.b)
        for by, values in found.slices.items()
        for value, cut in values.items()
        if by in spec.slices and (cut.paired is not None if paired else cut.a is not None and cut.b is not None)
    )
    return CompareRequest(
        test=spec.test, better=spec.better, min_effect=spec.min_effect, paired=found.paired, a=found.a, b=found.b,
        confidence=spec.confidence, min_positives=spec.min_positives, slices=slices, correct=spec.correct,
        seed=_seed(context, step),
    )  # fmt: skip


def _measured(
    context: Context, step: Step, spec: Compare, found: Evaluation, result: Comparison, *, a: str, b: str
) -> ev.StepMeasured:
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict=result.verdict,
        because=sentence(spec, found.counts or result.counts, result, a=a, b=b), value=result.effect, n=result.n,
        low=_finite(result.low), high=_finite(result.high), target=a, running=b,
        evidence=_evidence(spec, found, result),
    )  # fmt: skip


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None


def _evidence(spec: Compare, found: Evaluation, result: Comparison) -> dict[str, Any]:
    left_out = {name: number for name in ("incomplete", "repeated", "unmatched", "immature")
                if (number := getattr(result.left_out, name))}  # fmt: skip
    evidence: dict[str, Any] = {
        "metric": spec.metric, "test": spec.test, "confidence": result.confidence, "a_rate": result.a_rate,
        "b_rate": result.b_rate, "p_value": result.p_value, "labels_age_seconds": found.labels_age_seconds,
        "needed_n": result.needed_n, "clusters": result.clusters, "left_out": left_out or None,
        "unit": spec.unit if not result.rates and spec.unit else None,
        "statistic": spec.statistic if spec.statistic != "mean" else None,
        "slices": [_slice(cut) for cut in _shown(result.slices)],
    }  # fmt: skip
    return {name: value for name, value in evidence.items() if value is not None}


def _shown(slices: Sequence[SliceComparison]) -> Sequence[SliceComparison]:
    """All of them; of too many those that are bad first."""
    return slices if len(slices) <= 50 else sorted(slices, key=lambda cut: cut.verdict != "bad")[:50]


def _slice(cut: SliceComparison) -> Mapping[str, Any]:
    kept = ("by", "value", "verdict", "effect", "low", "high", "n", "a_rate", "b_rate")
    found = {name: getattr(cut, name) for name in kept}
    return {name: value for name, value in found.items() if not isinstance(value, float) or math.isfinite(value)}
