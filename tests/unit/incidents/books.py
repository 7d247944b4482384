"""Small runbooks for the walk's specification: only the steps that a rule is about."""

from __future__ import annotations

from typing import Any

from bot.runbooks.schema import Choice, Compare, Option, Query, Runbook, Spec, Step, Task, Wait
from tests.unit.incidents.story import Story


def step(step_id: str, spec: Spec, *, phase: str = "check", **more: Any) -> Step:
    return Step(id=step_id, phase=phase, spec=spec, **more)


def task(step_id: str, text: str = "Look.", **more: Any) -> Step:
    return step(step_id, Task(text=text), **more)


def query(step_id: str, **more: Any) -> Step:
    return step(step_id, Query(source="prometheus", promql=step_id, better="higher"), phase="measure", **more)


def comparison(step_id: str = "versions", **more: Any) -> Step:
    return step(step_id, Compare(source="evaluator", metric="recall"), phase="triage", **more)


def wait(step_id: str = "labels", seconds: float | None = 7200.0, **more: Any) -> Step:
    until = more.pop("until", None)
    longest = more.pop("longest", 86400.0)
    spec = Wait(duration=None if until else seconds, until=until, longest=longest)
    return step(step_id, spec, phase=more.pop("phase", "triage"), **more)


def choice(step_id: str = "decide", **options: Option) -> Step:
    return step(step_id, Choice(ask="What now?", options=options), phase="triage")


def book(*steps: Step, runbook: str = "book", version: int = 1, **more: Any) -> Runbook:
    return Runbook(
        id=runbook, version=version, title="A book", failure_mode="performance", owner="ml", summary="Look.",
        steps=steps, **more,
    )  # fmt: skip


def told(*steps: Step, **more: Any) -> Story:
    """A story by these steps; versions are known."""
    story = Story(book(*steps, **more))
    story.seen()
    return story
