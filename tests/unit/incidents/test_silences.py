"""Silences at the source as rules: never everything, never for good, and never longer than the incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.silences import LiftSilences, SilenceAlerts
from bot.incidents.deciding.silences import parted, silent
from bot.incidents.events.silences import Silenced
from bot.personal import Personal
from tests.unit.incidents.story import ADA, START, Story

ALERT = Silenced(
    source="alertmanager", fingerprint="f1", starts_at=START, labels={"alertname": "Drop", "service": "fraud"},
    name="Drop",
)  # fmt: skip
BARE = Silenced(source="alertmanager", fingerprint="f2", starts_at=START, labels={"alertname": "X", "zone": ""})
PERSONAL = replace(ALERT, labels=ALERT.labels | Personal().labels({"owner_email": "ana@example.com"}))
SECOND = replace(ALERT, fingerprint="f2", labels=ALERT.labels | {"region": "eu"})
WORKS = ("silence", "silence_look", "unsilence", "unsilence_some")


def wanted(seconds: float = 7200, *alerts: Silenced, connectors: tuple[str, ...] = ("am",)) -> SilenceAlerts:
    return SilenceAlerts(seconds=seconds, alerts=alerts or (ALERT,), connectors=connectors)


def works(story: Story) -> list[tuple[str, str, int]]:
    """What silences ask for now."""
    return [(work.kind, work.step, work.attempt) for work in story.agenda().work if work.kind in WORKS]


@pytest.fixture(name="story")
def _story() -> Story:
    return Story()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (wanted(connectors=()), "not_connected"),
        (wanted(86_401), "too_long"),
        (wanted(59), "too_long"),
        (SilenceAlerts(seconds=60, connectors=("am",)), "nothing_fires"),
        (wanted(60, BARE), "too_wide"),
        (wanted(60, ALERT, PERSONAL), "withheld"),
        (wanted(60, *[ALERT] * 101), "too_many"),
        (LiftSilences(), "nothing_silenced"),
    ],
)
def test_what_would_be_too_much_is_refused(story: Story, command: cmd.AnyCommand, reason: str) -> None:
    assert story.refusal(command) == reason
    assert story.incident.silences == {}


def test_it_is_made_looked_after_and_runs_out(story: Story) -> None:
    story.ask(wanted())
    assert works(story) == [("silence", "1:am", 1)]
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1",)))
    assert works(story) == []
    story.later(seconds=300)
    assert works(story) == [("silence_look", "1:am", 1)]
    story.report(ev.SilenceLooked(silence=1, connector="am"))
    assert works(story) == []
    story.later(seconds=7200)
    assert ev.SilenceOver(silence=1) in story.agenda().due
    story.report(ev.SilenceOver(silence=1))
    assert (works(story), story.incident.silences[1].in_force) == ([], False)


@pytest.mark.parametrize("ending", [cmd.Resolve(), cmd.Cancel(reason="a test"), LiftSilences()])
def test_it_ends_before_its_time_with_the_incident_or_by_word(story: Story, ending: cmd.AnyCommand) -> None:
    story.ask(wanted())
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1",)))
    story.ask(ending)
    assert works(story) == [("unsilence", "1:am", 1)]
    story.report(ev.SilenceEnded(silence=1, connector="am"))
    assert works(story) == []


def test_what_may_have_been_made_by_a_process_that_died_is_ended_too(story: Story) -> None:
    story.ask(wanted())
    story.ask(cmd.Resolve())
    assert works(story) == [("unsilence", "1:am", 1)]


def test_what_fails_is_tried_again_rarer_and_rarer_and_not_for_ever(story: Story) -> None:
    story.ask(wanted())
    tries = 0
    for _ in range(200):
        if ("silence", "1:am", tries + 1) in works(story):
            tries += 1
            story.report(ev.SilenceSet(silence=1, connector="am", because="am cannot be reached"))
        story.later(seconds=30)
    assert tries == 6


def test_a_reopened_incident_is_not_silent_again(story: Story) -> None:
    story.ask(wanted())
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1",)))
    story.ask(cmd.Resolve())
    story.report(ev.SilenceEnded(silence=1, connector="am"))
    story.ask(cmd.Reopen(reason="it came back"))
    assert works(story) == []


def test_a_report_that_comes_late_changes_nothing(story: Story) -> None:
    story.ask(wanted())
    for late in (
        ev.SilenceLooked(silence=1, connector="am"), ev.SilenceOver(silence=1),
        ev.SilenceSet(silence=7, connector="am"), ev.SilenceEnded(silence=1, connector="other"),
    ):  # fmt: skip
        assert story.report(late) == ()


def test_until_is_told_by_the_clock_of_the_log(story: Story) -> None:
    story.ask(wanted(), by=ADA)
    state = story.incident.silences[1]
    assert (state.by, state.until) == (ADA, state.at + timedelta(hours=2))


SPLIT = {("alertmanager", "f2")}


def splits(story: Story) -> None:
    """What the second silence is for is another incident from now on."""
    story.tell(*parted(story.incident, SPLIT, number=7))


def test_what_is_split_off_is_heard_again_and_the_rest_stays_silent(story: Story) -> None:
    story.ask(wanted(7200, ALERT, SECOND))
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1", "s2")))
    assert silent(story.incident, SPLIT) == 1
    splits(story)
    assert works(story) == [("unsilence_some", "1:am", 1)]
    assert story.incident.silences[1].staying == (ALERT,)
    story.report(ev.SilenceFreed(silence=1, connector="am", positions=(1,)))
    assert works(story) == []
    assert story.incident.silences[1].in_force
    assert silent(story.incident, SPLIT) == 0


def test_while_it_is_not_known_what_is_silent_nothing_is_heard_again(story: Story) -> None:
    story.ask(wanted(7200, ALERT, SECOND))
    splits(story)
    assert works(story) == [("silence", "1:am", 1)]
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1",)))  # somebody else may have made the other one
    assert works(story) == [("unsilence_some", "1:am", 1)]


def test_what_cannot_be_heard_again_is_tried_again_and_the_timeline_says_why(story: Story) -> None:
    story.ask(wanted(7200, ALERT, SECOND))
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s1", "s2")))
    splits(story)
    story.report(ev.SilenceFreed(silence=1, connector="am", positions=(1,), because="am cannot be reached"))
    assert works(story) == []
    story.later(seconds=30)
    assert works(story) == [("unsilence_some", "1:am", 2)]
    story.ask(cmd.Resolve())
    assert works(story) == [("unsilence", "1:am", 1)]


def test_a_silence_of_which_nothing_is_left_ends(story: Story) -> None:
    story.ask(wanted(7200, SECOND))
    story.report(ev.SilenceSet(silence=1, connector="am", ids=("s2",)))
    splits(story)
    assert works(story) == [("unsilence", "1:am", 1)]


def test_a_silence_for_something_else_stays_as_it_is(story: Story) -> None:
    story.ask(wanted())
    assert parted(story.incident, SPLIT, number=7) == ()
