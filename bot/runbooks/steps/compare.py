"""The step ``compare``: the running version against the one that would be gone back to, on labelled cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.connectors import Evaluation
from bot.incidents import events as ev
from bot.incidents.stamps import stamp
from bot.runbooks.schema import Compare, Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.query import unknown_version
from bot.runbooks.steps.wording import count, points, same_version, version, whole_second
from bot.runbooks.templates import render
from bot.runbooks.verdicts import span
from bot.statistics import compare_request
from bot.statistics.counts import CompareRequest, Comparison, SliceCounts

TESTS = ("paired", "two_proportions")


async def measure(context: Context, step: Step) -> ev.StepMeasured:
    """The verdict of the comparison, its interval and sizes. ``value`` is the effect, a difference of rates.

    Labels younger than ``label_delay`` are ``no_data`` until they are old enough: ``again_at``. Raises
    SourceUnavailable, TemplateError, and ValueError for counts that cannot be.
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
    if spec.test not in TESTS:
        return _no_data(context, step, f"the test {spec.test!r} is not known here; use {' or '.join(TESTS)}")
    evaluator = context.connectors.evaluator(spec.source)
    where = {"path": render(spec.get, context.names, "url")} if spec.get else {}
    found = await evaluator.compare(
        service=context.incident.service, a=a, b=b, metric=spec.metric, slices=spec.slices, **where
    )
    again_at = _mature_at(context, spec, found)
    if again_at is not None:
        age = span(found.labels_age_seconds or 0.0)
        because = f"labels are {age} old and need {span(spec.label_delay)}: no data until {stamp(again_at)}"
        return _no_data(context, step, because, again_at)
    result = await context.compute(compare_request, _request(spec, found))
    return _measured(context, step, spec, found, result, a=a, b=b)


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


def _request(spec: Compare, found: Evaluation) -> CompareRequest:
    paired = spec.test == "paired"
    slices = tuple(
        SliceCounts(by=by, value=value, paired=cut.paired, a=cut.a, b=cut.b)
        for by, values in found.slices.items()
        for value, cut in values.items()
        if by in spec.slices and (cut.paired is not None if paired else cut.a is not None and cut.b is not None)
    )
    return CompareRequest(
        test="paired" if paired else "two_proportions", better=spec.better, min_effect=spec.min_effect,
        paired=found.paired, a=found.a, b=found.b, confidence=spec.confidence, min_positives=spec.min_positives,
        slices=slices, correct=spec.correct,
    )  # fmt: skip


def _measured(
    context: Context, step: Step, spec: Compare, found: Evaluation, result: Comparison, *, a: str, b: str
) -> ev.StepMeasured:
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict=result.verdict,
        because=sentence(spec, found, result, a=a, b=b), value=result.effect, n=result.n, low=result.low,
        high=result.high, target=a, running=b, evidence=_evidence(spec, found, result),
    )  # fmt: skip


def sentence(spec: Compare, found: Evaluation, result: Comparison, *, a: str, b: str) -> str:
    """``v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.4 to -8.1); worst slice: card-not-present``."""
    what = spec.counts or found.counts or "cases"
    pair = f"{version(b)} against {version(a)}"
    if result.verdict == "no_data":
        return f"{pair}: only {count(result.positives)} {what}, {count(spec.min_positives)} are needed"
    if spec.test == "paired":
        on = f"same {count(result.n)} {what}"
    else:
        on = f"{count(found.b.n if found.b else 0)} against {count(found.a.n if found.a else 0)} {what}"
    level = f"{round(result.confidence * 100, 1):g} %"
    interval = f"{level}: {points(result.low)} to {points(result.high)}"
    line = f"{pair}, {on}: {points(result.effect, unit=True)} ({interval})"
    if result.worst is not None:
        line += f"; worst slice: {result.worst.value[:60]}"
    if result.verdict == "ok":
        line += f"; {version(a)} would do no better{' over all' if result.worst else ''}"
    if result.verdict == "inconclusive":
        line += f"; {count(result.needed_n)} {what} would settle it" if result.needed_n else "; too close to tell"
    return line


def _evidence(spec: Compare, found: Evaluation, result: Comparison) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        "metric": spec.metric, "test": spec.test, "confidence": result.confidence, "a_rate": result.a_rate,
        "b_rate": result.b_rate, "p_value": result.p_value, "labels_age_seconds": found.labels_age_seconds,
        "slices": [_slice(cut) for cut in result.slices[:50]],
    }  # fmt: skip
    return {name: value for name, value in evidence.items() if value is not None}


def _slice(cut: Any) -> Mapping[str, Any]:
    kept = ("by", "value", "verdict", "effect", "low", "high", "n", "a_rate", "b_rate")
    return {name: getattr(cut, name) for name in kept}
