"""The story with another rollback, and short ways to speak of it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, Rehearsal, Runbook
from tests.unit.incidents.story import Story, a_runbook

STAGING = Rehearsal(arguments={"environment": "staging"})


def with_action(**changes: Any) -> Runbook:
    """The usual runbook with another rollback."""
    runbook = a_runbook()
    steps = [
        replace(step, spec=replace(step.spec, **changes)) if isinstance(step.spec, Action) else step
        for step in runbook.steps
    ]
    return replace(runbook, steps=tuple(steps))


def rollback(story: Story) -> ActionState:
    action = story.state("rollback").action
    assert action is not None
    return action


def asked(**changes: Any) -> Story:
    """A rollback that Ada asked for; its timers have run."""
    story = Story(with_action(**changes))
    story.requested()
    story.timers()
    return story


def approve(story: Story, **more: Any) -> cmd.Approve:
    return cmd.Approve(step="rollback", attempt=rollback(story).attempt, **more)


def rehearsed(story: Story, outcome: Any = "ok", because: str = "v41 is set there") -> None:
    story.report(
        ev.RehearsalFinished(
            step="rollback", attempt=rollback(story).attempt, outcome=outcome, because=because
        )
    )  # fmt: skip
