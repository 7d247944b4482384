"""Past the usual rules: broken glass, begun by policy, done outside; and actions that are not about versions."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands import safeguards as guard
from bot.incidents.paging import calls
from bot.incidents.walk import names
from bot.runbooks.schema import Approval, Auto, DoneWhen
from tests.unit.incidents.acted import STAGING, approve, asked, rehearsed, rollback, with_action
from tests.unit.incidents.story import ADA, BEN, BY_ONCALL, CY, Story


@pytest.fixture(name="burning")
def _burning() -> Story:
    """Ben is asked and does not answer; Ada leads, and ten minutes have gone by."""
    story = Story(with_action(break_glass=True, rehearse=STAGING))
    story.ask(cmd.Acknowledge(), by=ADA)
    story.requested()
    story.timers()
    story.later(minutes=10)
    story.timers()
    return story


BREAK = guard.BreakGlass(step="rollback", attempt=1, reason="nobody answers, 40,000 euros a minute")


def test_after_ten_minutes_the_lead_may_break_the_glass(burning: Story) -> None:
    assert rollback(burning).glass_offered
    broken, skipped, item = burning.ask(BREAK, by=ADA)
    assert isinstance(broken, ev.GlassBroken)
    assert isinstance(skipped, ev.RehearsalSkipped)
    assert isinstance(item, ev.ActionItemAdded)
    assert (item.owner, item.due) == (BEN, "2026-11-22")
    assert "act:rollback" in burning.work()
    start = ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set")
    assert burning.report(start) == (start,)


def test_nobody_but_the_lead_breaks_it_and_not_without_a_reason(burning: Story) -> None:
    assert burning.refusal(BREAK, by=CY) == "not_the_lead"
    assert burning.refusal(replace(BREAK, reason=""), by=ADA) == "needs_reason"


def test_it_is_not_broken_early_nor_where_the_service_does_not_allow_it() -> None:
    story = Story(with_action(break_glass=True))
    story.ask(cmd.Acknowledge(), by=ADA)
    story.requested()
    story.later(minutes=9)
    assert story.refusal(BREAK, by=ADA) == "too_early"
    other = Story(with_action(break_glass=False))
    other.ask(cmd.Acknowledge(), by=ADA)
    other.requested()
    other.later(minutes=11)
    other.timers()
    assert not rollback(other).glass_offered
    assert other.refusal(BREAK, by=ADA) == "no_break_glass"


def test_it_is_only_for_the_compatible_last_good_version_of_this_service(burning: Story) -> None:
    burning.report(ev.StateRead(step="rollback", attempt=1, foreign=("payments",)))
    assert burning.refusal(BREAK, by=ADA) == "scope"
    burning.report(ev.StateRead(step="rollback", attempt=1))
    burning.seen(target="40")
    assert burning.refusal(BREAK, by=ADA) == "not_last_good"


def test_the_ways_around_are_shut_once_somebody_decided(burning: Story) -> None:
    rehearsed(burning)
    burning.ask(approve(burning), by=BEN)
    assert burning.refusal(BREAK, by=ADA) == "already_approved"


BY_ITSELF = Approval(
    approvers=("oncall:ml-oncall",), auto=Auto(when="steps.versions.verdict == 'bad'", after=120.0)
)  # fmt: skip


def test_only_what_the_policy_says_begins_by_itself_announced_and_after_its_delay() -> None:
    story = Story(with_action(approval=BY_ITSELF))
    story.seen()
    story.timers()
    assert story.state("rollback").action is None
    for step in ("changes", "live", "versions"):
        story.measured(step)
    story.timers()
    assert rollback(story).auto_at is not None
    assert "act:rollback" not in story.work()
    story.later(seconds=120)
    story.timers()
    assert rollback(story).approved_by == (ev.EVENKEEL,)
    assert "act:rollback" in story.work()


def test_anybody_stops_it_and_it_does_not_ask_again() -> None:
    story = Story(with_action(approval=BY_ITSELF))
    story.investigated()
    story.timers()
    story.ask(guard.StopAuto(step="rollback", attempt=1), by=CY)
    story.later(minutes=10)
    story.timers()
    assert rollback(story).phase == "declined"


def test_anybody_stops_what_waits_for_its_rehearsal_after_a_yes() -> None:
    story = asked(rehearse=STAGING)
    story.timers()
    story.ask(approve(story), by=BEN)
    assert rollback(story).phase == "approved"
    story.ask(guard.StopAuto(step="rollback", attempt=1), by=CY)
    assert rollback(story).phase == "declined"
    story.timers()
    assert "act:rollback" not in story.work()


def test_it_does_not_begin_when_its_condition_no_longer_holds() -> None:
    story = Story(with_action(approval=BY_ITSELF))
    story.investigated()
    story.timers()
    story.tell(ev.StepRerun(step="versions", attempt=2))
    story.measured("versions", "ok")
    story.later(seconds=120)
    story.timers()
    assert rollback(story).phase == "declined"


def test_the_bot_approves_nothing_that_no_policy_lets_begin() -> None:
    story = asked()
    assert story.report(ev.Approved(step="rollback", attempt=1)) == ()
    assert BY_ONCALL.auto is None


OFF = {"value": "off"}
FALLBACK = DoneWhen(source="prometheus", promql="fallback", ok="value == 1")


def test_an_action_may_lead_to_something_else_than_a_version() -> None:
    story = Story(with_action(target="fallback on", done_when=FALLBACK))
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    assert (rollback(story).target, rollback(story).version) == ("fallback on", False)


def test_what_it_put_in_place_is_no_running_version() -> None:
    story = Story(with_action(target="fallback on", done_when=FALLBACK))
    story.seen()
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    story.ask(approve(story), by=BEN)
    story.report(
        ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set", captured={"value": "off"})
    )
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    assert names(story.incident)["running"] == "42"
    story.ask(cmd.Undo(step="rollback", attempt=1))
    assert (rollback(story).phase, rollback(story).target) == ("requested", "")


def test_what_was_done_outside_is_held_against_traffic_once() -> None:
    story = Story()
    story.seen()
    story.ask(cmd.ReportOutside(note="by hand"))
    assert "outside:rollback" not in story.work()
    story.later(seconds=60)
    assert "outside:rollback" in story.work()
    story.report(ev.OutsideLooked(step="rollback", attempt=1, running="42", agrees=False, because="v42 still"))
    assert "outside:rollback" not in story.work()
    assert rollback(story).because == "v42 still"


def test_a_dry_run_is_answered_once_for_each_time_it_was_asked_for() -> None:
    story = Story()
    story.ask(guard.DryRun(step="rollback"))
    assert "dry_run:rollback" in story.work()
    answer = ev.DryRunFinished(step="rollback", number=1, lines=("Would call flags.set: value 42 → 41.",))
    assert story.report(answer, answer) == (answer,)
    assert "dry_run:rollback" not in story.work()
    assert story.refolded() == story.incident


def test_a_budget_that_is_used_up_calls_the_owner_until_the_world_has_changed() -> None:
    story = Story()
    story.tell(ev.OnCallSeen(who="oncall:ml-oncall", people=(BEN,)))
    story.written()
    story.later(minutes=5)
    story.timers()
    assert [(call.what, call.step) for call in calls(story.incident)] == [("breach", "rollback")]
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    assert calls(story.incident) == ()
