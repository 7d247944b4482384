"""Around an action: rehearsed before it begins, confirmed twice where too little is known, kept to its service."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands import safeguards as guard
from tests.unit.incidents.acted import STAGING, approve, asked, rehearsed, rollback, with_action
from tests.unit.incidents.story import ADA, BEN, CY, Story


def test_what_is_asked_for_is_rehearsed_at_once_and_read_for_the_approvers() -> None:
    story = asked(rehearse=STAGING)
    assert rollback(story).rehearsal is not None
    assert {"rehearse:rollback", "read:rollback"} <= story.work()


def test_a_yes_counts_while_the_rehearsal_runs_and_the_action_waits_for_it() -> None:
    story = asked(rehearse=STAGING)
    story.ask(approve(story), by=BEN)
    assert rollback(story).phase == "approved"
    assert "act:rollback" not in story.work()
    begun = ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set")
    assert story.report(begun) == ()
    rehearsed(story)
    assert "act:rollback" in story.work()
    assert story.report(begun) == (begun,)


def test_a_rehearsal_that_failed_blocks_the_yes_with_its_reason_until_it_is_made_again() -> None:
    story = asked(rehearse=STAGING)
    rehearsed(story, "failed", "staging still shows value 42")
    assert story.refusal(approve(story), by=BEN) == "rehearsal_failed"
    story.ask(guard.Rehearse(step="rollback", attempt=1))
    assert "rehearse:rollback" in story.work()
    rehearsed(story)
    story.ask(approve(story), by=BEN)
    assert "act:rollback" in story.work()


def test_a_rehearsal_is_skipped_at_sev1_only_and_with_a_reason() -> None:
    story = asked(rehearse=STAGING)
    rehearsed(story, "failed", "staging is down")
    skip = guard.SkipRehearsal(step="rollback", attempt=1, reason="staging is down, money is lost")
    assert story.refusal(skip, by=BEN) == "not_sev1"
    story.ask(cmd.SetSeverity(severity="SEV1"))
    assert story.refusal(replace(skip, reason=" "), by=BEN) == "needs_reason"
    assert story.refusal(skip, by=CY) == "not_an_approver"
    story.ask(skip, by=BEN)
    story.ask(approve(story), by=BEN)
    assert "act:rollback" in story.work()


def test_a_rehearsal_of_the_same_version_counts_for_the_next_request_until_it_is_too_old() -> None:
    story = asked(rehearse=replace(STAGING, max_age=3600.0))
    rehearsed(story)
    story.ask(cmd.Decline(step="rollback", attempt=1, reason="not yet"), by=BEN)
    story.later(minutes=30)
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    story.timers()
    assert "rehearse:rollback" not in story.work()
    story.ask(cmd.Decline(step="rollback", attempt=2, reason="not yet"), by=BEN)
    story.later(minutes=31)
    story.ask(cmd.RunStep(step="rollback", attempt=2))
    story.timers()
    assert "rehearse:rollback" in story.work()


def test_what_staging_does_not_show_yet_is_looked_at_again_and_called_once() -> None:
    story = asked(rehearse=STAGING)
    story.report(ev.RehearsalLooked(step="rollback", attempt=1, because="staging still shows value 42"))
    assert "rehearse:rollback" not in story.work()
    story.later(seconds=5)
    assert "rehearse:rollback" in story.work()
    state = rollback(story).rehearsal
    assert state is not None
    assert state.called_at is not None


def test_taking_back_needs_no_rehearsal() -> None:
    story = Story(with_action(rehearse=STAGING))
    story.requested()
    story.timers()
    rehearsed(story)
    story.ask(approve(story), by=BEN)
    story.report(ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set", captured={"value": "42"}))
    story.report(ev.ActionFinished(step="rollback", attempt=1, outcome="written"))
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    story.ask(cmd.Undo(step="rollback", attempt=1))
    story.timers()
    story.ask(approve(story), by=BEN)
    assert "act:rollback" in story.work()


def test_what_is_not_known_about_the_target_needs_a_second_confirmation() -> None:
    story = Story(with_action(compatible=("features",)))
    for step in ("changes", "live", "versions"):
        story.measured(step)
    story.report(ev.VersionsSeen(running="42", target="41", unsure=("whether v41 fits is not known",)))
    story.ask(cmd.Choose(step="decide", attempt=1, option="rollback"))
    assert story.refusal(approve(story), by=BEN) == "needs_confirmation"
    (said_yes,) = story.ask(approve(story, confirmed=True), by=BEN)
    assert isinstance(said_yes, ev.Approved)
    assert said_yes.confirmed == ("whether v41 fits is not known",)
    assert rollback(story).confirmed_by == BEN


def test_arguments_of_another_service_wait_for_a_second_person() -> None:
    story = asked()
    story.report(ev.StateRead(step="rollback", attempt=1, foreign=("payments",)))
    assert story.refusal(approve(story), by=BEN) == "scope"
    widen = guard.WidenScope(step="rollback", attempt=1)
    assert story.refusal(widen, by=ADA) == "own_request"
    story.ask(widen, by=BEN)
    story.ask(approve(story), by=BEN)
    assert rollback(story).widened == ("payments",)


def test_a_state_that_could_not_be_read_for_the_approvers_is_read_again() -> None:
    story = asked()
    story.report(ev.StateRead(step="rollback", attempt=1, because="flags cannot be reached"))
    assert "read:rollback" not in story.work()
    story.later(minutes=1)
    assert "read:rollback" in story.work()
    story.report(ev.StateRead(step="rollback", attempt=1, calls=(ev.Call(call="flags.set"),)))
    story.later(minutes=1)
    assert "read:rollback" not in story.work()
