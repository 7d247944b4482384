"""Taking an action back: what holds in the world, whatever becomes of the request."""

from __future__ import annotations

import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands import safeguards as guard
from bot.incidents.walk import names, open_steps
from tests.unit.incidents.acted import rollback
from tests.unit.incidents.story import ADA, BEN, Story

UNDO = cmd.Undo(step="rollback", attempt=1)


@pytest.fixture(name="story")
def _story() -> Story:
    story = Story()
    story.confirmed()
    return story


def test_an_undo_that_was_asked_for_has_changed_nothing_yet(story: Story) -> None:
    story.ask(UNDO, by=ADA)
    assert story.incident.safe_at is not None
    assert names(story.incident)["running"] == "41"
    assert "tell" in {step.id for step in open_steps(story.incident)}


def test_a_declined_or_lapsed_undo_leaves_the_action_as_it_was_and_can_be_asked_for_again(story: Story) -> None:
    story.ask(UNDO, by=ADA)
    story.ask(cmd.Decline(step="rollback", attempt=2, reason="v42 is still bad"), by=BEN)
    assert story.incident.safe_at is not None
    assert story.refusal(cmd.RunStep(step="rollback", attempt=2)) == "already_done"
    story.ask(UNDO, by=ADA)
    story.later(minutes=15)
    story.timers()
    assert story.state("rollback").action.safe  # type: ignore[union-attr]
    assert story.refusal(UNDO, by=ADA) == ""


def test_an_undo_that_was_carried_out_ends_what_was_safe_and_opens_the_way_for_another_rollback(story: Story) -> None:
    story.ask(UNDO, by=ADA)
    story.ask(cmd.Approve(step="rollback", attempt=2), by=BEN)
    story.report(ev.ActionStarted(step="rollback", attempt=2, lease_no=1, call="flags.set"))
    story.report(ev.ActionFinished(step="rollback", attempt=2, outcome="written"))
    story.report(ev.ActionConfirmed(step="rollback", attempt=2))
    assert story.incident.safe_at is None
    assert names(story.incident)["running"] == "42"
    assert "tell" not in {step.id for step in open_steps(story.incident)}
    assert story.refusal(cmd.Undo(step="rollback", attempt=2)) == "nothing_to_undo"
    story.ask(cmd.RunStep(step="rollback", attempt=2), by=ADA)
    story.ask(cmd.Approve(step="rollback", attempt=3), by=BEN)
    started = ev.ActionStarted(step="rollback", attempt=3, lease_no=1, call="flags.set", captured={"value": "42"})
    story.report(started)
    action = story.state("rollback").action
    assert action is not None
    assert (action.target, action.captured) == ("41", {"value": "42"})


def test_an_undo_that_nobody_can_approve_is_refused_as_any_request(story: Story) -> None:
    assert story.refusal(UNDO, by=BEN) == "too_few_approvers"


def test_a_doubt_outlives_an_undo_that_was_declined() -> None:
    story = Story()
    story.started()
    story.report(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))
    story.ask(UNDO, by=ADA)
    assert story.refusal(cmd.Settle(step="rollback", attempt=1, how="done")) == "not_unknown"
    story.ask(cmd.Decline(step="rollback", attempt=2, reason="look first"), by=BEN)
    story.ask(cmd.Settle(step="rollback", attempt=1, how="done"), by=ADA)
    assert story.state("rollback").action.safe  # type: ignore[union-attr]


def carried_out(story: Story, attempt: int) -> None:
    story.ask(cmd.Approve(step="rollback", attempt=attempt), by=BEN)
    story.report(ev.ActionStarted(step="rollback", attempt=attempt, lease_no=1, call="flags.set"))
    story.report(ev.ActionFinished(step="rollback", attempt=attempt, outcome="written"))
    story.later(seconds=5)
    story.report(ev.ActionConfirmed(step="rollback", attempt=attempt))
    story.timers()


def test_what_was_taken_back_is_not_watched_and_what_is_done_again_is_watched_again(story: Story) -> None:
    story.timers()
    watched = [story.incident.watch is not None]
    story.ask(UNDO, by=ADA)
    carried_out(story, 2)
    watched.append(story.incident.watch is not None)
    assert "rollback" in {step.id for step in open_steps(story.incident)}
    story.ask(cmd.RunStep(step="rollback", attempt=2), by=ADA)
    carried_out(story, 3)
    watched.append(story.incident.watch is not None)
    assert watched == [True, False, True]
    assert story.state("day").attempt == 2


def test_what_a_person_did_outside_is_not_told_as_seen_in_traffic() -> None:
    story = Story()
    story.investigated()
    story.ask(cmd.ReportOutside(note="by hand"))
    story.timers()
    assert story.incident.watch is not None
    assert story.incident.safe_at is None
    assert "tell" not in {step.id for step in open_steps(story.incident)}


def test_a_second_try_that_never_began_leaves_it_unknown() -> None:
    story = Story()
    story.started()
    story.report(ev.ActionUnknown(step="rollback", attempt=1, because="lost"))
    story.ask(cmd.Settle(step="rollback", attempt=1, how="run_again"))
    story.report(ev.ApprovalLapsed(step="rollback", attempt=2))
    assert (rollback(story).phase, rollback(story).because) == ("unknown", "lost")
    assert story.refusal(cmd.Settle(step="rollback", attempt=2, how="done")) == ""


def test_a_second_try_that_is_refused_leaves_it_as_unknown_as_it_was() -> None:
    story = Story()
    story.started()
    story.report(ev.ActionUnknown(step="rollback", attempt=1, because="half", half=True))
    story.ask(cmd.Settle(step="rollback", attempt=1, how="run_again"))
    assert rollback(story).phase == "approved"
    refused = "nothing was changed: nothing to do, v41 already serves 100 % of the traffic"
    story.report(ev.ActionFinished(step="rollback", attempt=2, outcome="refused", because=refused))
    assert (rollback(story).phase, rollback(story).half, rollback(story).because) == ("unknown", True, refused)

    story.ask(cmd.Undo(step="rollback", attempt=2))
    assert rollback(story).undo
    assert rollback(story).captured == {"value": "42"}, "what stood there before it ran at all"


def test_a_late_click_on_the_first_request_decides_nothing_about_the_undo(story: Story) -> None:
    story.ask(UNDO)
    for late in (
        cmd.Approve(step="rollback", attempt=1),
        cmd.Decline(step="rollback", attempt=1, reason="no"),
        guard.WidenScope(step="rollback", attempt=1),
        guard.BreakGlass(step="rollback", attempt=1, reason="nobody is here"),
    ):
        assert story.refusal(late, by=BEN) == "old_button"
    assert story.refusal(cmd.Approve(step="rollback", attempt=2), by=BEN) == ""
