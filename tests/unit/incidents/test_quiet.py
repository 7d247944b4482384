"""When no alert fires any more: what the bot proposes, when, and what it never does by itself."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.privacy import MakePrivate
from bot.incidents.commands.together import KeepOpen
from bot.incidents.timeline import timeline
from tests.unit.incidents.story import ADA, BEN, Story, a_runbook


def over(story: Story, *, firing: int = 0) -> None:
    """The source says that the alert is over."""
    story.tell(ev.AlertsResolved(count=1, fingerprints=("f1",), firing=firing), by="alertmanager")


def due(story: Story) -> list[str]:
    return [type(event).__name__ for event in story.agenda().due if not isinstance(event, ev.WatchEnded)]


def by_itself(story: Story, *, after: float, failure_mode: str = "performance") -> None:
    """This incident may end by itself after so many seconds."""
    known = replace(story.incident.together, resolves_after=after)
    story.head = replace(story.incident, together=known, failure_mode=failure_mode)


def test_after_the_quiet_time_it_is_proposed_to_resolve_once() -> None:
    story = Story()
    over(story)
    assert due(story) == []
    assert story.agenda().wake_at == story.now + timedelta(minutes=10)
    story.later(minutes=10)
    assert due(story) == ["ResolveProposed"]
    story.timers()
    assert story.incident.together.proposed_at == story.now
    story.later(days=3)
    assert due(story) == []
    assert story.incident.status == "open"


def test_while_an_alert_fires_nothing_is_proposed() -> None:
    story = Story()
    story.tell(ev.AlertsAttached(count=1, fingerprints=("f2",)))
    over(story, firing=1)
    story.later(hours=2)
    assert due(story) == []


def test_an_alert_that_fires_again_takes_the_proposal_back() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    story.tell(ev.AlertsAttached(count=1, fingerprints=("f1",), again=1))
    assert story.incident.together.proposed_at is None
    story.later(minutes=10)
    assert due(story) == []
    over(story)
    story.later(minutes=10)
    assert due(story) == ["ResolveProposed"]


def test_whoever_keeps_it_open_is_not_asked_again_until_alerts_come_and_go() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    story.ask(KeepOpen())
    story.later(hours=5)
    assert due(story) == []
    assert story.refusal(KeepOpen(), by=BEN) == "already"
    story.tell(ev.AlertsAttached(count=1, fingerprints=("f2",)))
    over(story)
    story.later(minutes=10)
    assert due(story) == ["ResolveProposed"]


def test_a_click_after_alerts_fire_again_keeps_nothing_open() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    story.tell(ev.AlertsAttached(count=1, fingerprints=("f2",)))
    assert story.refusal(KeepOpen()) == "nothing_proposed"


def test_nothing_is_proposed_while_an_action_is_on_its_way() -> None:
    story = Story()
    story.written()
    over(story)
    story.later(minutes=10)
    assert "ResolveProposed" not in due(story)


def test_the_watch_is_waited_for() -> None:
    story = Story(a_runbook(watch_for=3600.0))
    story.watching()
    over(story)
    story.later(minutes=30)
    assert "ResolveProposed" not in due(story)
    story.later(minutes=30)
    story.timers()
    assert "ResolveProposed" not in due(story)
    story.later(minutes=10)
    assert "ResolveProposed" in due(story)


def test_by_default_only_people_resolve() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    story.later(days=30)
    assert due(story) == []
    assert story.report(ev.Resolved(summary="quiet")) == ()


def test_where_it_is_configured_it_ends_by_itself_and_says_why() -> None:
    story = Story()
    over(story)
    by_itself(story, after=3600.0)
    story.later(minutes=10)
    story.timers()
    story.later(minutes=49)
    assert due(story) == []
    story.later(minutes=1)
    story.timers()
    assert (story.incident.status, story.incident.status_by) == ("resolved", ev.EVENKEEL)
    assert timeline(story.log)[-1].text.startswith("resolved: No alert has fired since 2026-11-21T03:05:00Z")


def test_safety_never_ends_by_itself() -> None:
    story = Story()
    over(story)
    by_itself(story, after=3600.0, failure_mode="safety")
    story.later(minutes=10)
    story.timers()
    story.later(days=30)
    assert due(story) == []
    assert story.report(ev.Resolved(summary="quiet")) == ()


def test_an_incident_whose_runbook_is_about_safety_does_not_either() -> None:
    story = Story(replace(a_runbook(), failure_mode="safety"))
    over(story)
    by_itself(story, after=0.0)
    story.later(minutes=10)
    story.timers()
    story.later(days=1)
    assert due(story) == []


def test_what_turned_out_to_be_private_does_not_either() -> None:
    story = Story()
    over(story)
    by_itself(story, after=3600.0)
    story.ask(MakePrivate(reason="answers reached people"))
    story.later(minutes=10)
    story.timers()
    story.later(days=30)
    assert due(story) == []
    assert story.report(ev.Resolved(summary="quiet")) == ()


def test_whoever_keeps_it_open_stops_the_end_by_itself() -> None:
    story = Story()
    over(story)
    by_itself(story, after=3600.0)
    story.later(minutes=10)
    story.timers()
    story.ask(KeepOpen())
    story.later(days=1)
    assert due(story) == []


def test_reopened_by_a_person_it_is_not_proposed_from_the_old_quiet() -> None:
    story = Story()
    over(story)
    story.ask(cmd.Resolve())
    story.later(hours=1)
    story.ask(cmd.Reopen(reason="not over"))
    assert due(story) == []
    story.later(hours=1)
    assert due(story) == []


def test_flapping_is_one_line_of_the_timeline() -> None:
    story = Story()
    over(story)
    for _ in range(3):
        story.tell(ev.AlertsAttached(count=1, fingerprints=("f1",), names=("Recall",), again=1))
        over(story)
    before = len(timeline(story.log))
    story.tell(ev.FlappingSeen(source="alertmanager", fingerprint="f1", name="Recall", times=4))
    for _ in range(3):
        story.tell(ev.AlertsAttached(count=1, fingerprints=("f1",), names=("Recall",), again=1))
        over(story)
    lines = timeline(story.log)
    assert len(lines) == before + 1
    assert lines[-1].text.startswith("Recall flaps: it began 4 times within an hour")
    story.tell(ev.AlertsAttached(count=2, fingerprints=("f1", "f2"), names=("Recall", "Lag")))
    assert timeline(story.log)[-1].text == "2 alerts attached (Recall, Lag)"


def test_what_people_said_and_did_is_told() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    story.ask(KeepOpen(), by=ADA)
    told = [line.text for line in timeline(story.log)][-2:]
    assert told == ["no alert fires any more; proposed to resolve", "keeps it open although no alert fires"]


def test_while_an_alert_like_its_own_is_kept_quiet_nothing_is_proposed_nor_ended() -> None:
    story = Story()
    over(story)
    story.later(minutes=10)
    story.timers()
    by_itself(story, after=1200)
    story.tell(ev.AlertsHeldBack(why="mute 3"))
    story.later(days=1)
    assert due(story) == []
    assert story.incident.together.proposed_at is None
    story.tell(ev.AlertsHeldBack())
    assert story.agenda().wake_at == story.now + timedelta(minutes=10)
    told = [line.text for line in timeline(story.log)]
    assert "an alert like these fires and is kept quiet (mute 3): nothing is proposed meanwhile" in told
    assert told[-1] == "no alert like these is kept quiet any more"


def test_what_is_opened_again_does_not_remember_what_was_kept_quiet() -> None:
    story = Story()
    story.tell(ev.AlertsHeldBack(why="mute 3"))
    story.ask(cmd.Resolve())
    story.ask(cmd.Reopen(reason="not over"))
    assert story.incident.together.held_back == ""
