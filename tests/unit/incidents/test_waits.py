"""A wait lets time go by: nobody does it, it ends by itself, and what lacked time is compared again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.due import due_at
from bot.incidents.timeline import timeline
from bot.incidents.walk import open_steps, standing
from bot.runbooks.schema import Option, Update
from tests.unit.incidents.books import choice, comparison, query, step, task, told, wait
from tests.unit.incidents.story import ADA, START, Story


def stands(story: Story, step_id: str) -> str:
    assert story.incident.runbook is not None
    found = story.incident.runbook.step(step_id)
    assert found is not None
    return standing(story.incident, found)


def test_a_wait_begins_by_itself_and_says_until_when() -> None:
    story = told(wait())
    story.timers()
    held = story.state("labels").wait
    assert held is not None
    assert held.until == START + timedelta(hours=2)
    assert story.agenda().wake_at == held.until


def test_a_wait_ends_with_an_event_when_its_time_is_over() -> None:
    story = told(wait())
    story.timers()
    story.later(hours=1, minutes=59)
    story.timers()
    assert story.state("labels").phase == "open"
    story.later(minutes=1)
    story.timers()
    assert story.state("labels").phase == "done"
    assert [line.text for line in timeline(story.log)][-1] == "labels: the wait ended: the time is over"


@pytest.mark.parametrize("verdict", ["no_data", "inconclusive"])
def test_a_comparison_that_lacked_time_is_made_again_when_the_wait_ends(verdict: str) -> None:
    story = told(comparison(), wait())
    story.measured("versions", verdict)
    story.timers()
    assert story.work() == set()
    story.later(hours=2)
    story.timers()
    assert story.state("versions").attempt == 2
    assert story.work() == {"measure:versions"}


@pytest.mark.parametrize("verdict", ["ok", "warn", "bad", "error"])
def test_a_comparison_that_came_to_something_is_left_alone(verdict: str) -> None:
    story = told(comparison(), wait())
    story.measured("versions", verdict)
    story.timers()
    story.later(hours=2)
    story.timers()
    assert (story.state("versions").attempt, story.state("versions").verdict) == (1, verdict)


def test_a_wait_begins_only_when_what_is_measured_before_it_has_come_to_something() -> None:
    story = told(comparison(), wait())
    story.timers()
    assert story.state("labels").wait is None
    story.measured("versions", "no_data")
    story.timers()
    assert story.state("labels").wait is not None


def test_what_comes_after_a_wait_comes_after_its_end_but_no_decision_waits_for_it() -> None:
    told_then = step("tell", Update(audience=("risk",), text="We look.", when="true"), phase="communicate")
    story = told(
        wait(), choice(on=Option(label="Go on")), task("after", phase="remediate"), query("later"), told_then
    )
    story.timers()
    assert [s.id for s in open_steps(story.incident)] == ["decide", "tell"]
    assert (stands(story, "after"), stands(story, "later")) == ("waiting", "waiting")
    story.later(hours=2)
    story.timers()
    assert (stands(story, "after"), stands(story, "later")) == ("open", "open")


def test_one_wait_follows_the_other() -> None:
    story = told(wait("one", 60.0), wait("two", 60.0))
    story.timers()
    assert story.state("two").wait is None
    story.later(seconds=60)
    story.timers()
    two = story.state("two").wait
    assert two is not None
    assert two.until == START + timedelta(seconds=120)


def test_a_wait_for_an_expression_ends_as_soon_as_it_holds() -> None:
    story = told(query("live"), wait(until="incident.lead == 'UADA'", longest=3600.0))
    story.measured("live", "ok")
    story.timers()
    assert story.agenda().wake_at == START + timedelta(hours=1)
    story.ask(cmd.TakeLead(lead=ADA))
    story.timers()
    assert story.state("labels").because == "what it waited for holds"


def test_a_wait_for_what_never_comes_ends_at_its_longest() -> None:
    story = told(wait(until="incident.lead == 'UADA'", longest=3600.0))
    story.timers()
    story.later(hours=1)
    story.timers()
    assert story.state("labels").because == "what it waited for did not come"


def test_people_may_skip_a_wait_and_say_why() -> None:
    story = told(comparison(), wait(), task("after", phase="remediate"))
    story.measured("versions", "no_data")
    story.timers()
    story.ask(cmd.SkipStep(step="labels", attempt=1, reason="they came early"))
    story.timers()
    assert stands(story, "after") == "open"
    assert story.agenda().wake_at is None
    assert story.state("versions").attempt == 1


def test_a_wait_that_was_skipped_does_not_end_once_more() -> None:
    story = told(wait())
    story.timers()
    story.ask(cmd.SkipStep(step="labels", attempt=1, reason="no need"))
    assert story.report(ev.WaitEnded(step="labels", attempt=1)) == ()


def test_a_reopening_begins_the_wait_anew() -> None:
    story = told(wait())
    story.timers()
    story.ask(cmd.Resolve())
    story.ask(cmd.Reopen(reason="again"))
    story.later(hours=3)
    story.timers()
    held = story.state("labels").wait
    assert held is not None
    assert held.until == story.now + timedelta(hours=2)


def test_a_wait_cannot_be_ticked_off() -> None:
    story = told(wait())
    assert story.refusal(cmd.FinishStep(step="labels", attempt=1)) == "not_a_task"


def test_the_time_of_what_comes_after_a_wait_runs_from_its_end() -> None:
    later = task("after", phase="remediate", due=600.0)
    story = told(wait(), later)
    story.timers()
    story.later(hours=2)
    story.timers()
    assert due_at(story.incident, later) == START + timedelta(hours=2, minutes=10)
