"""Whose a step is, until when, and who hears that its time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.due import due_at
from bot.runbooks.schema import Runbook
from tests.unit.incidents.story import ADA, BEN, CY, START, Story, a_runbook


def with_step(step_id: str, **changes: Any) -> Runbook:
    """The usual runbook with a step that says more."""
    runbook = a_runbook()
    steps = tuple(replace(step, **changes) if step.id == step_id else step for step in runbook.steps)
    return replace(runbook, steps=steps)


def told(story: Story) -> list[tuple[str, ...]]:
    """Who heard of what is overdue so far, in its order."""
    return [entry.event.to for entry in story.log if isinstance(entry.event, ev.StepOverdue)]


@pytest.fixture(name="story")
def _story() -> Story:
    return Story(with_step("decide", due=600.0, escalate=("role:owner", f"user:{CY}")))


def test_the_lead_hears_first_then_those_it_is_escalated_to_and_each_once(story: Story) -> None:
    story.ask(cmd.Acknowledge(), by=ADA)
    for minutes, so_far in [
        (9, []),
        (1, [(ADA,)]),
        (4, [(ADA,)]),
        (1, [(ADA,), (BEN,)]),
        (5, [(ADA,), (BEN,), (CY,)]),
    ]:
        story.later(minutes=minutes)
        story.timers()
        assert told(story) == so_far
    story.later(days=1)
    story.timers()
    assert len(told(story)) == 3


def test_without_an_assignee_and_a_lead_whoever_is_on_call_hears(story: Story) -> None:
    story.later(minutes=10)
    story.timers()
    assert told(story) == [(BEN,)]


def test_the_assignee_hears_before_the_lead(story: Story) -> None:
    story.ask(cmd.Acknowledge(), by=ADA)
    story.ask(cmd.AssignStep(step="decide", to=CY))
    story.later(minutes=10)
    story.timers()
    assert told(story) == [(CY,)]


@pytest.mark.parametrize("ended", ["decided", "resolved", "outside"])
def test_nobody_hears_of_what_is_done_or_over(story: Story, ended: str) -> None:
    story.investigated()
    commands: dict[str, cmd.AnyCommand] = {
        "decided": cmd.Choose(step="decide", attempt=1, option="not_model"),
        "resolved": cmd.Resolve(),
        "outside": cmd.ReportOutside(),
    }
    story.ask(commands[ended])
    story.later(hours=1)
    assert not [event for event in story.agenda().due if isinstance(event, ev.StepOverdue)]


def test_what_is_heard_late_leaves_the_next_one_time(story: Story) -> None:
    story.later(hours=5)
    story.timers()
    assert len(told(story)) == 1
    story.later(minutes=5)
    story.timers()
    assert len(told(story)) == 2


def test_an_optional_step_reminds_and_holds_up_nothing() -> None:
    story = Story(with_step("upstream", due=300.0))
    story.later(minutes=5)
    story.timers()
    assert told(story) == [(BEN,)]
    story.confirmed()
    assert story.state("rollback").phase == "done"


def test_a_step_that_waits_for_an_action_is_due_after_it() -> None:
    story = Story(with_step("tell", due=600.0))
    story.later(hours=1)
    story.confirmed()
    step = story.incident.runbook.step("tell")  # type: ignore[union-attr]
    assert step is not None
    assert due_at(story.incident, step) == story.now + timedelta(minutes=10)


def test_after_a_relapse_the_time_begins_anew(story: Story) -> None:
    story.ask(cmd.Resolve())
    story.later(days=1)
    story.tell(ev.Reopened(reason="recall fell again"))
    assert not [event for event in story.agenda().due if isinstance(event, ev.StepOverdue)]
    story.later(minutes=10)
    story.timers()
    assert len(told(story)) == 1


def test_a_runbook_that_is_chosen_later_gives_its_steps_their_whole_time() -> None:
    story = Story()
    story.later(hours=1)
    late = replace(with_step("decide", due=600.0), id="another")
    story.tell(ev.RunbookAttached(runbook=late))
    assert not [event for event in story.agenda().due if isinstance(event, ev.StepOverdue)]
    story.later(minutes=10)
    story.timers()
    assert len(told(story)) == 1


def test_an_action_that_somebody_asked_for_has_its_own_clock() -> None:
    story = Story(with_step("rollback", due=60.0))
    story.requested()
    story.later(minutes=2)
    assert not [event for event in story.agenda().due if isinstance(event, ev.StepOverdue)]


# --- whose it is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assign", "to"), [("oncall:ml-oncall", BEN), (f"user:{CY}", CY), ("role:owner", BEN), ("role:lead", "")]
)
def test_a_step_is_assigned_when_it_opens(assign: str, to: str) -> None:
    story = Story(with_step("cases", assign=assign))
    story.timers()
    assert story.state("cases").assigned == to


def test_a_role_that_nobody_has_yet_is_waited_for() -> None:
    story = Story(with_step("cases", assign="role:lead"))
    story.timers()
    story.ask(cmd.Acknowledge(), by=ADA)
    story.timers()
    assert story.state("cases").assigned == ADA


def test_what_a_person_assigned_stays() -> None:
    story = Story(with_step("cases", assign="oncall:ml-oncall"))
    story.ask(cmd.AssignStep(step="cases", to=CY))
    story.timers()
    assert story.state("cases").assigned == CY


def test_a_step_that_waits_is_assigned_only_when_it_opens() -> None:
    story = Story(with_step("tell", assign="oncall:ml-oncall"))
    story.timers()
    assert story.state("tell").assigned == ""
    story.confirmed()
    story.timers()
    assert story.state("tell").assigned == BEN
    assert story.log[0].at == START
