"""What a step says about its own failure: go on, stop, or jump ahead."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.walking import OverrideVerdict
from bot.incidents.jumps import stopped
from bot.incidents.walk import open_steps, standing
from bot.runbooks.schema import Option
from tests.unit.incidents.books import choice, query, task, told
from tests.unit.incidents.story import BEN, Story


def waiting(story: Story) -> list[str]:
    return [step.id for step in open_steps(story.incident)]


@pytest.mark.parametrize("verdict", ["error", "no_data", "inconclusive", "bad"])
def test_the_walk_goes_on_by_itself(verdict: str) -> None:
    story = told(query("live"), task("after", phase="remediate"))
    story.measured("live", verdict)
    assert waiting(story) == ["after"]


def test_stop_holds_up_what_comes_after_it_until_a_person_decides() -> None:
    story = told(query("live", on_error="stop"), query("later"), task("after", phase="remediate"))
    story.measured("live", "error", "Recall: the source is away")
    halt = stopped(story.incident)
    assert halt is not None
    assert (halt.id, waiting(story)) == ("live", [])
    assert "measure:later" not in story.work()
    story.ask(cmd.SkipStep(step="live", attempt=1, reason="we know it from the dashboard"))
    assert stopped(story.incident) is None
    assert waiting(story) == ["after"]


def test_measuring_again_ends_the_stop() -> None:
    story = told(query("live", on_error="stop"), task("after", phase="remediate"))
    story.measured("live", "error")
    story.ask(cmd.RunStep(step="live", attempt=1))
    story.measured("live", "ok")
    assert waiting(story) == ["after"]


def test_an_overruled_verdict_ends_the_stop() -> None:
    story = told(query("live", on_error="stop"), task("after", phase="remediate"))
    story.measured("live", "error")
    story.ask(OverrideVerdict(step="live", attempt=1, verdict="bad", reason="seen on the dashboard"))
    assert waiting(story) == ["after"]


@pytest.mark.parametrize("verdict", ["no_data", "inconclusive"])
def test_only_an_error_stops(verdict: str) -> None:
    story = told(query("live", on_error="stop"), task("after", phase="remediate"))
    story.measured("live", verdict)
    assert waiting(story) == ["after"]


def test_an_error_that_is_tried_again_by_itself_stops_the_walk_until_it_succeeds() -> None:
    story = told(query("live", on_error="stop"), task("after", phase="remediate"))
    again = story.now.replace(minute=6)
    story.report(ev.StepMeasured(step="live", attempt=1, verdict="error", because="away", again_at=again))
    assert waiting(story) == []
    story.later(minutes=1)
    assert story.work() == {"measure:live"}
    story.measured("live", "ok")
    assert waiting(story) == ["after"]


def test_a_jump_is_made_only_when_nothing_is_tried_again() -> None:
    story = told(query("live", on_error="goto:by-hand"), task("tune"), task("by-hand"))
    again = story.now.replace(minute=6)
    story.report(ev.StepMeasured(step="live", attempt=1, verdict="error", because="away", again_at=again))
    assert waiting(story) == ["tune", "by-hand"]
    story.measured("live", "error")
    assert waiting(story) == ["by-hand"]


def test_goto_passes_over_what_lies_between() -> None:
    story = told(query("live", on_error="goto:by-hand"), query("slices"), task("tune"), task("by-hand"))
    story.measured("live", "error")
    between = [standing(story.incident, step) for step in story.incident.walk()[1:3]]
    assert between == ["passed", "passed"]
    assert waiting(story) == ["by-hand"]


def test_goto_is_not_taken_while_nothing_failed() -> None:
    story = told(query("live", on_error="goto:by-hand"), task("tune"), task("by-hand"))
    story.measured("live", "bad")
    assert waiting(story) == ["tune", "by-hand"]


def test_a_stop_keeps_nobody_from_asking_for_the_rollback() -> None:
    story = Story()
    steps = tuple(
        step if step.id != "live" else query("live", on_error="stop") for step in story.incident.walk()
    )  # fmt: skip
    story = told(*steps)
    for step_id in ("changes", "versions"):
        story.measured(step_id)
    story.measured("live", "error")
    assert stopped(story.incident) is not None
    assert story.refusal(cmd.RunStep(step="rollback", attempt=1)) == ""


def test_options_can_still_be_chosen_by_command_while_the_walk_is_held_up() -> None:
    story = told(query("live", on_error="stop"), choice(on=Option(label="Go on")))
    story.measured("live", "error")
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="on")) == ""


def acting(on_error: str) -> Story:
    """A rollback whose call was refused; then a task, and one after it."""
    rollback = next(step for step in Story().incident.walk() if step.id == "rollback")
    story = told(replace(rollback, on_error=on_error), task("drain", phase="remediate"), task("by-hand"))
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    story.report(ev.ActionFinished(step="rollback", attempt=1, outcome="refused", because="flags says 403"))
    return story


def test_an_action_that_was_refused_may_lead_to_what_is_done_by_hand() -> None:
    story = acting("goto:by-hand")
    assert waiting(story) == ["rollback", "by-hand"]
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    assert waiting(story) == ["rollback", "drain", "by-hand"]


def test_an_action_that_was_refused_may_stop_the_walk_until_it_is_asked_for_again_or_skipped() -> None:
    story = acting("stop")
    assert waiting(story) == ["rollback"]
    story.ask(cmd.SkipStep(step="rollback", attempt=1, reason="the team rolls back itself"))
    assert waiting(story) == ["drain", "by-hand"]
