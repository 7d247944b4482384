"""Beside another tool: what it says of its incident is heard, in any order, and never ends ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.beside import MOST_ASKED, MOST_TURNS
from bot.incidents.commands.guests import AskToMove, AttachToChannel, HearTool, StayHere
from bot.incidents.commands.together import KeepOpen
from bot.incidents.timeline import timeline
from tests.unit.incidents.story import ADA, BEN, START, Story

HERE = AttachToChannel(channel="C0THEIRS", name="inc-742", tool="Rootly", severity="SEV3")


def guest() -> Story:
    story = Story()
    story.ask(HERE, by="Rootly")
    return story


def says(
    story: Story, state: Literal["going", "over"], *, at: datetime | None = None, word: str = "", severity: str = ""
) -> int:
    """The tool says it; how many events came of it."""
    before = len(story.log)
    told = HearTool(tool="Rootly", state=state, said_at=at or story.now, word=word, severity=severity)
    story.ask(told, by="Rootly")
    return len(story.log) - before


def lines(story: Story) -> list[str]:
    return [line.text for line in timeline(story.log) if line.by == "Rootly"]


def test_that_theirs_is_over_is_told_and_proposed_and_ours_goes_on() -> None:
    story = guest()
    says(story, "over", word="resolved")
    assert lines(story)[-1] == "says that its incident is resolved; whether this one is, a person says"
    assert story.incident.theirs.proposes
    story.later(days=3)
    story.timers()
    assert story.incident.status == "open"


def test_the_same_said_twice_is_one_turn() -> None:
    story = guest()
    said_at = story.now
    assert says(story, "over", at=said_at, word="resolved") == 1
    assert says(story, "over", at=said_at, word="resolved") == 0
    story.later(minutes=1)
    says(story, "over", word="closed")
    assert len(story.incident.theirs.turns) == 1
    assert len([line for line in lines(story) if line.startswith("says that")]) == 1


def test_what_comes_late_is_older_than_what_is_known_and_changes_nothing() -> None:
    story = guest()
    early = story.now
    story.later(minutes=5)
    says(story, "going")
    assert says(story, "over", at=early) == 0
    assert not story.incident.theirs.proposes
    assert lines(story)[-1] != "says that its incident goes on again"


def test_a_tool_whose_clock_is_ahead_is_heard_next_time_too() -> None:
    story = guest()
    says(story, "over", at=story.now + timedelta(days=400))
    story.later(minutes=1)
    says(story, "going")
    assert story.incident.theirs.state == "going"


def test_that_it_goes_on_again_there_takes_the_proposal_back() -> None:
    story = guest()
    says(story, "over")
    story.later(minutes=1)
    says(story, "going")
    assert not story.incident.theirs.proposes
    assert lines(story)[-1] == "says that its incident goes on again"


def test_who_keeps_ours_open_is_not_asked_again_until_theirs_goes_on_and_ends_once_more() -> None:
    story = guest()
    says(story, "over")
    story.ask(KeepOpen(), by=ADA)
    assert not story.incident.theirs.proposes
    assert story.incident.together.kept_open_by == ""  # its alerts still fire: when they end, that is asked
    assert story.refusal(KeepOpen(), by=BEN) == "nothing_proposed"
    for state in ("going", "over"):
        story.later(minutes=1)
        says(story, state)
    assert story.incident.theirs.proposes


def test_when_ours_is_over_the_tool_is_still_heard() -> None:
    story = guest()
    story.ask(cmd.Resolve(), by=ADA)
    says(story, "over")
    story.later(minutes=1)
    says(story, "going")
    assert story.incident.status == "resolved"
    assert [turn.state for turn in story.incident.theirs.turns] == ["over", "going"]


def test_a_tool_that_cannot_make_up_its_mind_is_told_of_only_so_often() -> None:
    story = guest()
    for _ in range(MOST_TURNS):
        for state in ("over", "going"):
            story.later(minutes=1)
            says(story, state)
    assert len(story.incident.theirs.turns) == MOST_TURNS


def test_ours_becomes_as_severe_as_theirs_and_never_less() -> None:
    story = guest()
    story.ask(cmd.SetSeverity(severity="SEV3"), by=ADA)
    says(story, "going", severity="SEV1")
    assert story.incident.severity == "SEV1"
    assert lines(story)[-1] == "set the severity to SEV1: as severe as the incident of Rootly"
    story.later(minutes=1)
    says(story, "going", severity="SEV4")
    assert story.incident.severity == "SEV1"


def test_what_a_person_lowered_is_not_raised_by_a_severity_that_the_tool_has_said_before() -> None:
    story = guest()
    says(story, "going", severity="SEV1")
    story.ask(cmd.SetSeverity(severity="SEV4"), by=ADA)
    story.later(minutes=1)
    says(story, "going", severity="SEV1")
    assert story.incident.severity == "SEV4"


def test_that_all_is_as_it_was_is_written_down_now_and_then() -> None:
    story = guest()
    written = 0
    for _ in range(60):
        written += says(story, "going", severity="SEV3")
        story.later(seconds=10)
    assert written == 2


def test_what_was_severe_when_it_ended_there_makes_ours_no_worse() -> None:
    story = guest()
    story.ask(cmd.SetSeverity(severity="SEV4"), by=ADA)
    says(story, "over", severity="SEV1")
    assert story.incident.severity == "SEV4"


def test_an_incident_that_left_the_tools_channel_hears_no_more_of_it() -> None:
    story = Story()
    assert says(story, "over") == 0


def test_where_it_is_asked_to_go_on_it_is_asked_once_and_a_no_stays() -> None:
    story = Story()
    asking = AskToMove(channel="C0THEIRS", name="inc-742", tool="Rootly")
    for _ in range(2):
        story.ask(asking, by="Rootly")
    assert [one.channel for one in story.incident.asked_into] == ["C0THEIRS"]
    story.ask(StayHere(channel="C0THEIRS"), by=ADA)
    story.ask(asking, by="Rootly")
    assert [one.declined_by for one in story.incident.asked_into] == [ADA]
    assert story.refusal(StayHere(channel="C0THEIRS"), by=BEN) == "already"
    assert story.refusal(StayHere(channel="C0OTHER"), by=BEN) == "nothing_asked"


def test_the_question_is_called_off_when_theirs_is_over_and_ours_hears_nothing_else() -> None:
    story = Story()
    story.ask(AskToMove(channel="C0THEIRS", name="inc-742", tool="Rootly"), by="Rootly")
    for state, channel in (("going", "C0THEIRS"), ("over", "C0OTHER")):
        told = HearTool(tool="Rootly", state=state, said_at=story.now, severity="SEV1", channel=channel)  # type: ignore[arg-type]
        assert story.ask(told, by="Rootly") == ()
    over = HearTool(tool="Rootly", state="over", said_at=story.now, channel="C0THEIRS")
    assert len(story.ask(over, by="Rootly")) == 1
    assert story.ask(over, by="Rootly") == ()
    assert [one.declined_by for one in story.incident.asked_into] == ["Rootly"]
    assert lines(story)[-1] == "says that its incident is over; this one stays"


def test_not_every_channel_is_asked_in() -> None:
    story = Story()
    for number in range(MOST_ASKED + 3):
        story.ask(AskToMove(channel=f"C0{number}"), by="Rootly")
    assert len(story.incident.asked_into) == MOST_ASKED


@pytest.mark.parametrize("severity", ["", "SEV2", "SEV1"])
def test_attaching_raises_the_severity_too(severity: str) -> None:
    story = Story()
    before = story.incident.severity or "SEV4"
    story.ask(AttachToChannel(channel="C0THEIRS", severity=severity), by="Rootly")
    raised = [entry.event for entry in story.log if isinstance(entry.event, ev.SeverityChanged)]
    assert bool(raised) == bool(severity and severity < before)
    assert story.log[0].at == START
