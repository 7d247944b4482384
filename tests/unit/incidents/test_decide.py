"""What may be decided, as responders live it."""

from __future__ import annotations

import msgspec
import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.decide import decide
from bot.incidents.walk import open_steps, standing, suggestion
from bot.runbooks.schema import Approval, Compare, Step
from tests.unit.incidents.story import ADA, BEN, CY, Story, a_runbook


@pytest.fixture(name="story")
def _story() -> Story:
    return Story()


def test_who_says_im_on_it_first_leads(story: Story) -> None:
    story.ask(cmd.Acknowledge(), by=ADA)
    assert (story.incident.lead, story.incident.acknowledged_by) == (ADA, ADA)
    assert story.refusal(cmd.Acknowledge(), by=BEN) == "already"


def test_a_suggestion_needs_evidence_that_counts(story: Story) -> None:
    story.seen()
    story.measured("versions", "inconclusive")
    assert suggestion(story.incident) is None
    other = Story()
    other.investigated()
    suggested = suggestion(other.incident)
    assert suggested is not None
    assert (suggested.option, suggested.evidence) == ("rollback", "versions")


def test_a_drift_speaks_for_no_version_once_versions_were_compared() -> None:
    runbook = a_runbook()
    drift = Compare(source="evaluator", metric="amount", test="psi", a="training", b="today")
    before, after = runbook.steps[:4], runbook.steps[4:]
    steps = (*before, Step(id="moved", phase="triage", spec=drift), *after)
    story = Story(msgspec.structs.replace(runbook, steps=steps))
    story.investigated()
    story.measured("moved")
    suggested = suggestion(story.incident)
    assert suggested is not None
    assert suggested.evidence == "versions"


def test_choosing_the_rollback_asks_for_it_in_the_same_breath(story: Story) -> None:
    story.investigated()
    events = story.ask(cmd.Choose(step="decide", attempt=1, option="rollback"))
    assert [type(event) for event in events] == [ev.Chosen, ev.ApprovalRequested]
    action = story.state("rollback").action
    assert action is not None
    assert (action.phase, action.target, action.approvers) == ("requested", "41", (BEN,))


def test_no_rollback_without_a_version_to_go_back_to(story: Story) -> None:
    story.seen(target=None)
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="rollback")) == "no_target"


def test_whoever_asked_does_not_approve_and_strangers_do_not_either(story: Story) -> None:
    story.requested()
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=ADA) == "own_request"
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=CY) == "not_an_approver"


def test_a_request_that_nobody_can_decide_is_refused_at_once(story: Story) -> None:
    story.investigated()
    choose = cmd.Choose(step="decide", attempt=1, option="rollback")
    assert story.refusal(choose, by=BEN) == "too_few_approvers"
    nobody = Story(a_runbook(approval=Approval(approvers=("oncall:unheard-of",))))
    nobody.investigated()
    assert nobody.refusal(choose, by=ADA) == "no_approver"


def test_of_two_people_who_click_at_once_the_second_learns_who_was_first(story: Story) -> None:
    story.approved()
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=BEN) == "already_approved"
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="not_model")) == "step_over"


def test_an_approval_has_an_end(story: Story) -> None:
    story.requested()
    story.later(minutes=15)
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=BEN) == "expired"
    story.timers()
    assert story.state("rollback").action.phase == "lapsed"  # type: ignore[union-attr]
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    assert story.state("rollback").attempt == 2
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=BEN) == "old_button"


def test_an_approval_lapses_unless_the_action_starts_within_its_expiry(story: Story) -> None:
    story.approved()
    story.later(minutes=15)
    late = ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set")
    assert story.report(late) == ()
    story.timers()
    assert story.state("rollback").action.phase == "lapsed"  # type: ignore[union-attr]


def test_a_refusal_needs_a_reason(story: Story) -> None:
    story.requested()
    assert story.refusal(cmd.Decline(step="rollback", attempt=1, reason=" "), by=BEN) == "needs_reason"
    story.ask(cmd.Decline(step="rollback", attempt=1, reason="checkout is down too"), by=BEN)
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=BEN) == "declined"


def test_an_action_starts_once_per_attempt(story: Story) -> None:
    story.started()
    again = ev.ActionStarted(step="rollback", attempt=1, lease_no=2, call="flags.set")
    assert story.report(again) == ()


@pytest.mark.parametrize("changed", ["nothing", "approvers", "attempt", "status"])
def test_approvers_and_state_are_checked_again_when_the_start_is_appended(story: Story, changed: str) -> None:
    story.approved()
    state = story.state("rollback")
    assert state.action is not None
    others = msgspec.structs.replace(state, action=msgspec.structs.replace(state.action, approvers=(CY,)))
    before = {
        "nothing": story.incident,
        "approvers": msgspec.structs.replace(story.incident, steps={**story.incident.steps, "rollback": others}),
        "attempt": story.incident,
        "status": msgspec.structs.replace(story.incident, status="resolved"),
    }[changed]
    attempt = 2 if changed == "attempt" else 1
    start = ev.ActionStarted(step="rollback", attempt=attempt, lease_no=1, call="flags.set")
    kept = decide(before, cmd.Report(events=(start,)), by=ev.EVENKEEL, now=story.now)
    assert kept == ((start,) if changed == "nothing" else ())


def test_an_unknown_outcome_is_settled_by_a_person(story: Story) -> None:
    story.started()
    story.report(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))
    assert "act:rollback" not in story.work()
    story.ask(cmd.Settle(step="rollback", attempt=1, how="run_again"))
    assert story.state("rollback").attempt == 2
    assert story.work() == {"act:rollback"}


def test_done_outside_is_always_possible_and_starts_the_watch(story: Story) -> None:
    story.ask(cmd.ReportOutside(note="by hand"))
    assert standing(story.incident, story.incident.runbook.step("day")) == "open"  # type: ignore[union-attr, arg-type]
    story.timers()
    assert story.incident.watch is not None


def test_done_outside_waits_while_the_bot_is_doing_it(story: Story) -> None:
    story.started()
    assert story.refusal(cmd.ReportOutside()) == "action_in_flight"


def test_undo_is_an_action_with_its_own_approval_back_to_what_was_captured(story: Story) -> None:
    story.confirmed()
    story.ask(cmd.Undo(step="rollback", attempt=1), by=ADA)
    action = story.state("rollback").action
    assert action is not None
    assert (action.phase, action.undo, action.target, action.captured) == ("requested", True, "42", {"value": "42"})


def test_not_the_model_passes_the_rollback_over(story: Story) -> None:
    story.investigated()
    story.ask(cmd.Choose(step="decide", attempt=1, option="not_model"))
    assert standing(story.incident, story.incident.runbook.step("rollback")) == "passed"  # type: ignore[union-attr, arg-type]
    assert standing(story.incident, story.incident.runbook.step("day")) == "passed"  # type: ignore[union-attr, arg-type]
    assert story.log[-1].event.against == "rollback"  # type: ignore[union-attr]


def test_asking_for_help_leaves_the_question_open(story: Story) -> None:
    story.investigated()
    story.ask(cmd.Choose(step="decide", attempt=1, option="help", reason="who knows v42?"))
    assert "decide" in {step.id for step in open_steps(story.incident)}
    (asked,) = story.incident.help
    assert (asked.by, asked.step, asked.reason) == (ADA, "decide", "who knows v42?")


def test_a_false_alarm_needs_a_reason_and_ends_the_incident(story: Story) -> None:
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="false_alarm")) == "needs_reason"
    story.ask(cmd.Choose(step="decide", attempt=1, option="false_alarm", reason="a test of the alert"))
    assert story.incident.status == "cancelled"
    assert story.refusal(cmd.Acknowledge()) == "incident_over"


def test_any_step_may_be_skipped_with_a_reason(story: Story) -> None:
    assert story.refusal(cmd.SkipStep(step="upstream", attempt=1, reason="")) == "needs_reason"
    story.ask(cmd.SkipStep(step="upstream", attempt=1, reason="nobody awake"))
    assert story.refusal(cmd.FinishStep(step="upstream", attempt=1, answer="x")) == "step_over"


def test_a_task_that_asks_for_an_answer_gets_one(story: Story) -> None:
    assert story.refusal(cmd.FinishStep(step="upstream", attempt=1)) == "needs_answer"
    story.ask(cmd.FinishStep(step="upstream", attempt=1, answer="no change"))
    assert story.state("upstream").text == "no change"


def test_unknown_steps_are_answered_with_the_known_ones(story: Story) -> None:
    assert story.refusal(cmd.SkipStep(step="rolback", attempt=1, reason="x")) == "unknown_step"


def test_text_that_says_it_was_done_needs_confirmed_success(story: Story) -> None:
    story.written()
    assert "tell" not in {step.id for step in open_steps(story.incident)}
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    assert "tell" in {step.id for step in open_steps(story.incident)}


def test_resolving_waits_for_an_action_on_its_way(story: Story) -> None:
    story.written()
    assert story.refusal(cmd.Resolve()) == "action_in_flight"
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    story.ask(cmd.Resolve(summary="back on v41"))
    assert story.incident.status == "resolved"


def test_a_stale_measurement_is_dropped(story: Story) -> None:
    story.seen()
    story.measured("live", "error")
    story.ask(cmd.RunStep(step="live", attempt=1))
    assert story.report(ev.StepMeasured(step="live", attempt=1, verdict="ok", because="late")) == ()
    assert story.state("live").verdict is None


def test_a_relapse_reopens_and_asks_everything_again(story: Story) -> None:
    story.watching()
    story.ask(cmd.Resolve())
    for _ in range(3):
        story.report(ev.WatchLooked(step="day", attempt=1, verdict="bad", because="Recall 0.70"))
    story.report(
        ev.WatchEnded(step="day", attempt=1, verdict="bad", because="Recall 0.70"),
        ev.Reopened(reason="Recall 0.70", step="day"),
    )
    assert (story.incident.status, story.incident.reopened) == ("open", 1)
    assert story.state("decide").attempt == 2
    assert story.work() == {"versions", "measure:changes"}


def test_without_approval_in_the_runbook_the_runbook_itself_approves() -> None:
    story = Story(a_runbook(approval=None))
    story.investigated()
    story.ask(cmd.Choose(step="decide", attempt=1, option="rollback"))
    assert story.state("rollback").action.phase == "approved"  # type: ignore[union-attr]


def test_whys_have_parents_and_action_items_have_owners_and_days(story: Story) -> None:
    story.ask(cmd.AddWhy(text="the release skipped the evaluation"))
    story.ask(cmd.AddWhy(text="the job was red for weeks", parent="w1"))
    assert story.refusal(cmd.AddWhy(text="x", parent="w9")) == "no_such_why"
    assert story.refusal(cmd.AddActionItem(text="Fix", owner="", due="2026-12-01")) == "needs_owner"
    assert story.refusal(cmd.AddActionItem(text="Fix", owner=ADA, due="soon")) == "no_such_date"
    assert story.refusal(cmd.AddActionItem(text="Fix", owner=ADA, due="2026-11-01")) == "too_late"
    story.ask(cmd.AddActionItem(text="Fix", owner=ADA, due="2026-12-01"))
    assert [(item.item, item.owner) for item in story.incident.items] == [("a1", ADA)]


def test_who_tells_stakeholders_by_another_button_has_done_the_step(story: Story) -> None:
    story.confirmed()
    story.ask(cmd.PublishUpdate(audience="risk", text="v41 serves again"))
    assert story.state("tell").phase == "done"
    assert story.refusal(cmd.PublishUpdate(audience="risk", text="again", step="tell")) == "already"


@pytest.mark.parametrize("step", ["changes", "decide", "after", "day", "tell"])
def test_only_what_changes_something_is_done_outside(story: Story, step: str) -> None:
    assert story.refusal(cmd.ReportOutside(step=step)) == "not_an_action", "a decision would be taken by nobody"
