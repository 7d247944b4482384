"""The timeline, as whoever was not there reads it."""

from __future__ import annotations

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.timeline import timeline
from bot.runbooks.schema import Approval
from tests.unit.incidents.story import ADA, BEN, Story, a_runbook

#: polls and looks: what they led to is told
SILENT = {
    "ActionLooked",
    "ChartDrawn",
    "ReadinessSeen",
    "SilenceLooked",
    "WatchLooked",
    "RehearsalStarted",
    "RehearsalLooked",
    "DryRunAsked",
}


def _told(story: Story) -> list[str]:
    return [line.text for line in timeline(story.log)]


def test_a_rollback_reads_as_sentences_with_versions() -> None:
    story = Story()
    story.ask(cmd.Acknowledge())
    story.investigated()
    story.ask(cmd.FinishStep(step="upstream", attempt=1, answer="nothing changed"))
    story.ask(cmd.Choose(step="decide", attempt=1, option="rollback"))
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    story.report(
        ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"),
        ev.ActionFinished(step="rollback", attempt=1, outcome="written"),
        ev.ActionConfirmed(step="rollback", attempt=1, share=1.0),
    )
    assert _told(story)[2:] == [
        "goes by the runbook model-performance-drop v1",
        "acknowledged",
        "took the lead",
        "v42 serves; v41 is the one to go back to",
        "changes (bad): Recall 0.71, was 0.84",
        "live (bad): Recall 0.71, was 0.84",
        "versions (bad): Recall 0.71, was 0.84",
        "finished upstream: nothing changed",
        "decide: chose rollback",
        f"asked to roll back to v41; needs one approval, from <@{BEN}>",
        "approved rollback",
        "rollback begins with flags.set",
        "rollback: the call was accepted",
        "rollback is done: 100.0% of production traffic is there",
    ]


def test_what_an_action_changes_is_told_from_what_to_what() -> None:
    story = Story()
    story.requested()
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    story.report(
        ev.ActionStarted(
            step="rollback", attempt=1, lease_no=1, call="scoring.set",
            arguments={"threshold": 0.6, "environment": "production"},
            captured={"threshold": 0.7, "environment": "production", "owner": "risk"},
        )
    )  # fmt: skip
    assert _told(story)[-1] == "rollback begins with scoring.set: threshold 0.7 → 0.6"


def test_a_yes_that_is_one_of_several_says_so() -> None:
    story = Story(a_runbook(approval=Approval(count=3)))
    story.requested()
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    assert _told(story)[-1] == "said yes to rollback; that is not enough yet"


def test_another_decision_than_the_suggested_one_says_so() -> None:
    story = Story()
    story.investigated()
    story.ask(cmd.Choose(step="decide", attempt=1, option="not_model", reason="the labels are wrong"))
    assert _told(story)[-1] == "decide: chose not model; rollback was suggested: the labels are wrong"


def test_everything_that_happened_is_told_except_polls() -> None:
    from bot.incidents.timeline import _TELLERS

    kinds = {kind.__name__ for kind in ev.AnyEvent.__args__}
    assert kinds - {kind.__name__ for kind in _TELLERS} == SILENT


def test_who_gives_the_lead_away_is_told_with_the_name() -> None:
    story = Story()
    story.ask(cmd.TakeLead(lead=BEN), by=ADA)
    assert _told(story)[-1] == f"gave the lead to <@{BEN}>"


def test_what_served_is_told_again_only_when_something_else_is_said() -> None:
    story = Story()
    for because in ("prometheus cannot be reached", "prometheus cannot be reached", "no traffic"):
        story.report(ev.VersionsSeen(because=because, again_at=story.now))
    story.seen()
    assert _told(story)[3:] == [
        "which version serves is not known: prometheus cannot be reached",
        "which version serves is not known: no traffic",
        "v42 serves; v41 is the one to go back to",
    ]
