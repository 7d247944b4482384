"""What an incident asks for, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.walk import names
from bot.runbooks.schema import Runbook, Spec, Unconfigured
from tests.unit.incidents.story import START, Story, a_runbook


def with_spec(step_id: str, spec: Spec) -> Runbook:
    """The usual runbook, with one step defined otherwise."""
    runbook = a_runbook()
    steps = tuple(replace(step, spec=spec) if step.id == step_id else step for step in runbook.steps)
    return replace(runbook, steps=steps)


@pytest.fixture(name="story")
def _story() -> Story:
    return Story()


def test_automatic_steps_start_when_the_incident_is_opened(story: Story) -> None:
    assert story.work() == {"versions", "measure:changes"}
    story.seen()
    assert story.work() == {"measure:changes", "measure:live", "measure:versions"}


def test_what_follows_an_action_is_measured_after_it(story: Story) -> None:
    story.written()
    assert "measure:after" not in story.work()
    story.report(ev.ActionConfirmed(step="rollback", attempt=1))
    assert "measure:after" in story.work()


def test_a_measurement_without_data_is_repeated_at_its_time(story: Story) -> None:
    again = START + timedelta(hours=6)
    story.report(ev.VersionsSeen(running="42", target="41"))
    story.report(ev.StepMeasured(step="live", attempt=1, verdict="no_data", because="labels", again_at=again))
    assert "measure:live" not in story.work()
    story.later(hours=6)
    assert "measure:live" in story.work()


def test_an_approved_action_is_carried_out_and_a_started_one_never_again(story: Story) -> None:
    story.approved()
    assert story.work() == {"act:rollback"}
    story.report(ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"))
    assert story.work(lease_no=1) == set()


def test_an_action_whose_start_has_a_lost_lease_number_is_settled_not_repeated(story: Story) -> None:
    story.started()
    assert story.work(lease_no=2) == {"settle:rollback"}


def test_done_when_is_polled_on_the_clock(story: Story) -> None:
    story.written()
    assert story.work() == {"confirm:rollback"}
    story.report(ev.ActionLooked(step="rollback", attempt=1, share=0.5, holds=False))
    assert story.work() == set()
    assert story.agenda().wake_at == START + timedelta(seconds=5)
    story.later(seconds=5)
    assert story.work() == {"confirm:rollback"}


def test_the_budget_warns_at_80_percent_and_breaches_at_100_and_aborts_nothing(story: Story) -> None:
    story.written()
    story.later(seconds=240)
    story.timers()
    assert (story.state("rollback").action.warned, story.state("rollback").action.breached) == (True, False)  # type: ignore[union-attr]
    story.later(seconds=60)
    story.timers()
    assert story.state("rollback").action.breached  # type: ignore[union-attr]
    assert "confirm:rollback" in story.work()


def test_the_watch_starts_by_itself_looks_on_the_clock_and_ends(story: Story) -> None:
    story.watching()
    assert "look:day" not in story.work()
    story.later(minutes=10)
    assert "look:day" in story.work()
    story.report(ev.WatchLooked(step="day", attempt=1, verdict="ok", because="Recall 0.84"))
    assert story.work() == {"measure:after"}
    story.later(hours=24)
    story.timers()
    assert story.state("day").watch.ended_at == story.now  # type: ignore[union-attr]
    assert story.log[-1].event == ev.WatchEnded(step="day", attempt=1, verdict="ok", because="Recall 0.84")


def test_the_watch_goes_on_after_the_incident_is_resolved(story: Story) -> None:
    story.watching()
    story.ask(cmd.Resolve())
    story.later(minutes=10)
    assert story.work() == {"look:day"}


def test_no_data_neither_breaks_a_row_of_bad_looks_nor_makes_it_longer(story: Story) -> None:
    story.watching()
    for verdict in ("bad", "no_data", "bad"):
        story.report(ev.WatchLooked(step="day", attempt=1, verdict=verdict, because=""))
    assert story.state("day").watch.bad_in_a_row == 2  # type: ignore[union-attr]


def test_a_cancelled_incident_asks_for_nothing(story: Story) -> None:
    story.ask(cmd.Cancel(reason="a test"))
    assert (story.agenda().work, story.agenda().due) == ((), ())


def test_a_lost_answer_is_settled_by_traffic_and_never_repeated(story: Story) -> None:
    story.started()
    story.report(ev.ActionFinished(step="rollback", attempt=1, outcome="unknown", because="timed out"))
    assert story.work(lease_no=1) == {"settle:rollback"}
    story.report(ev.ActionConfirmed(step="rollback", attempt=1, settled=True))
    assert story.state("rollback").action.safe  # type: ignore[union-attr]


def looked(share: float | None = 0.03, *, holds: bool = False) -> ev.ActionLooked:
    return ev.ActionLooked(step="rollback", attempt=1, share=share, holds=holds)


def polls(story: Story, *, hours: float) -> int:
    """How many looks are made in so many hours in which the world does not change."""
    made, end = 0, story.now + timedelta(hours=hours)
    while story.now < end:
        work = story.work() & {"confirm:rollback", "settle:rollback"}
        if work:
            story.report(looked())
            made += 1
        story.timers()
        wake_at = story.agenda().wake_at
        story.now = max(story.now + timedelta(seconds=1), min(wake_at or end, end))
    return made


def test_a_call_that_never_shows_in_traffic_does_not_fill_the_log(story: Story) -> None:
    story.written()
    first_minute = polls(story, hours=1 / 60)
    assert first_minute == 12
    assert polls(story, hours=24) < 350


def test_a_look_that_holds_is_followed_by_the_next_at_the_usual_pace(story: Story) -> None:
    story.written()
    story.later(minutes=4)
    story.report(looked())
    story.later(seconds=5)
    assert "confirm:rollback" not in story.work()
    story.later(seconds=15)
    story.report(looked(1.0, holds=True))
    story.later(seconds=5)
    assert "confirm:rollback" in story.work()


def test_an_accepted_call_that_traffic_never_showed_is_in_doubt_and_a_person_may_end_it(story: Story) -> None:
    story.written()
    story.later(minutes=5)
    assert story.report(ev.ActionUnknown(step="rollback", attempt=1, because="the call was accepted, but")) != ()
    assert story.refusal(cmd.ReportOutside(step="rollback")) == ""
    assert story.refusal(cmd.Undo(step="rollback", attempt=1)) == ""
    story.ask(cmd.Settle(step="rollback", attempt=1, how="done"))
    assert story.refusal(cmd.Resolve()) == ""


@pytest.mark.parametrize("kind", ["confirm", "settle"])
def test_an_action_in_doubt_is_looked_at_every_minute_for_an_hour_and_traffic_may_end_the_doubt(
    story: Story, kind: str
) -> None:
    story.written() if kind == "confirm" else story.started()
    story.later(minutes=5)
    story.report(looked(), ev.ActionUnknown(step="rollback", attempt=1))
    assert f"{kind}:rollback" not in story.work()
    story.later(minutes=1)
    assert f"{kind}:rollback" in story.work()
    assert 55 <= polls(story, hours=24) <= 60
    assert story.agenda().wake_at is None
    assert story.report(ev.ActionConfirmed(step="rollback", attempt=1, share=1.0)) != ()
    assert story.state("rollback").action.settled == "traffic"  # type: ignore[union-attr]


def test_a_lost_answer_that_traffic_cannot_tell_is_left_to_people(story: Story) -> None:
    story.started(was_done=True)
    story.report(ev.ActionUnknown(step="rollback", attempt=1))
    story.later(minutes=1)
    assert "settle:rollback" not in story.work()


def test_after_the_fix_running_means_what_was_put_in_place(story: Story) -> None:
    assert "running" not in names(story.incident)
    story.confirmed()
    assert names(story.incident)["running"] == "41"


def test_a_watch_that_is_not_configured_never_looks_and_ends_after_a_day_with_what_to_add() -> None:
    story = Story(with_spec("day", Unconfigured(kind="watch", name="quality", missing="Add metrics.quality.")))
    story.watching()
    for _ in range(23):
        story.later(hours=1)
        assert "look:day" not in story.work()
    assert story.agenda().wake_at == START + timedelta(seconds=20, days=1)
    story.later(hours=1)
    story.timers()
    ended = ev.WatchEnded(step="day", attempt=1, verdict="no_data", because="Add metrics.quality.")
    assert story.log[-1].event == ended
    assert story.work() == {"measure:after"}
