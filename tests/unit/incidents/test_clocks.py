"""The three clocks, read from the log."""

from __future__ import annotations

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.clocks import Clocks, clocks_of
from bot.slack.view.taking import took
from tests.unit.incidents.story import BEN, Story


def test_the_clocks_run_from_alert_request_and_approval_to_what_traffic_confirmed() -> None:
    story = Story()
    story.later(minutes=4)
    story.requested()
    assert clocks_of(story.incident) == Clocks()
    story.later(minutes=2)
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    assert clocks_of(story.incident) == Clocks(request_to_approval=120)
    story.report(ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"))
    story.report(ev.ActionFinished(step="rollback", attempt=1, outcome="written"))
    story.later(seconds=50)
    story.report(ev.ActionConfirmed(step="rollback", attempt=1, share=1.0))
    assert clocks_of(story.incident) == Clocks(alert_to_safe=410, request_to_approval=120, approval_to_safe=50)
    assert took(story.incident) == [
        ":stopwatch: Safe 6 min 50 s after the alert: "
        "2 min from the request to the approval, 50 s from the approval to safe."
    ]


def test_what_a_person_did_outside_is_no_safe_that_traffic_saw() -> None:
    story = Story()
    story.investigated()
    story.ask(cmd.ReportOutside())
    assert clocks_of(story.incident).alert_to_safe is None
    assert took(story.incident) == []
