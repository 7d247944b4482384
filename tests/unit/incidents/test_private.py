"""Who may read of an incident, and where it goes when that changes: the rules and the fold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.privacy import MakePrivate, SetHold
from bot.incidents.commands.walking import AttachRunbook, Supplied
from bot.incidents.fold import apply
from bot.incidents.insiders import insiders, keeper, may_read
from tests.unit.incidents.story import ADA, BEN, CY, Story, a_runbook


def _story(*, private: bool = False) -> Story:
    return Story(replace(a_runbook(), private=private))


def test_the_log_of_an_older_program_is_private_from_its_beginning() -> None:
    story = _story(private=True)
    assert (story.incident.private, story.incident.moves) == (True, 0)
    story.tell(ev.ChannelOpened(channel="C1", name="inc-1-fraud"))
    assert (story.incident.channel, story.incident.fled) == ("C1", ())


def test_it_leaves_its_public_channel_for_one_without_a_title() -> None:
    story = _story()
    story.tell(ev.ChannelOpened(channel="C1", name="inc-1-fraud-scorer-recall"))
    story.ask(MakePrivate(reason="harm"))
    incident = story.incident
    assert (incident.private, incident.channel, incident.channel_name) == (True, "", "inc-1")
    assert incident.fled == ("C1",)
    story.tell(ev.ChannelOpened(channel="C2", name="inc-1", surface="channel@2"))
    assert (story.incident.channel, story.incident.fled) == ("C2", ("C1",))


def test_a_public_channel_that_opens_too_late_is_left_at_once() -> None:
    story = _story()
    story.ask(MakePrivate())
    story.tell(ev.ChannelOpened(channel="C1", name="inc-1-fraud-scorer-recall"))
    assert (story.incident.channel, story.incident.fled) == ("", ("C1",))


def test_a_public_channel_that_was_refused_says_nothing_about_the_private_one() -> None:
    story = _story()
    story.ask(MakePrivate())
    story.tell(ev.ChannelRefused(code="restricted_action"))
    assert story.incident.place == "channel"
    story.tell(ev.ChannelRefused(code="missing_scope", surface="channel@2"))
    assert (story.incident.place, story.incident.no_channel) == ("direct", "missing_scope")
    assert story.incident.keeper == ADA  # who made it private


def test_without_a_channel_it_is_whoever_leads_who_has_it_then_who_is_on_call() -> None:
    story = _story()
    head = replace(story.incident, owner="ml-oncall", invite=(CY,), opened_by="alertmanager")
    assert keeper(head) == BEN
    assert keeper(replace(head, lead=ADA)) == ADA
    assert keeper(replace(head, owner="")) == CY
    assert keeper(replace(head, owner="", invite=())) == ""


def test_nobody_else_may_read_of_a_private_incident() -> None:
    story = _story(private=True)
    story.tell(ev.ChannelOpened(channel="C1", name="inc-1"))
    head = replace(story.incident, invite=(BEN,))
    assert insiders(head) == (BEN,)
    assert may_read(head, BEN)
    assert not may_read(head, ADA)
    assert may_read(head, ADA, channel="C1")
    assert not may_read(head, ADA, channel="C2")
    assert may_read(replace(head, acted={ADA: story.now}), ADA)
    assert may_read(replace(head, private=False), ADA)
    assert may_read(replace(head, invite=()), ADA), "somebody has to be able to take it"


@pytest.mark.parametrize("changes", [{"private": True}, {"failure_mode": "safety"}])
def test_a_runbook_that_is_private_or_about_safety_makes_the_incident_private(changes: dict[str, object]) -> None:
    story = _story()
    other = replace(a_runbook(), id="other", **changes)
    events = story.ask(AttachRunbook(runbook="other", supplied=Supplied(runbook=other, text="")))
    assert [type(event) for event in events] == [ev.RunbookAttached, ev.MadePrivate]
    assert story.incident.private


def test_asked_again_it_says_so_unless_slack_refused_the_channel() -> None:
    story = _story()
    story.ask(MakePrivate())
    with pytest.raises(Refused, match="private already"):
        story.ask(MakePrivate())
    story.tell(ev.ChannelRefused(code="restricted_action", surface="channel@2"))
    assert story.ask(MakePrivate()) == (ev.MadePrivate(again=True),)
    assert (story.incident.moves, story.incident.place) == (2, "channel")


def test_it_is_private_afterwards_too() -> None:
    story = _story()
    story.ask(cmd.Cancel(reason="a test"))
    story.ask(MakePrivate())
    assert story.incident.private


def test_a_hold_ends_only_for_a_reason() -> None:
    story = _story()
    story.ask(SetHold(on=True))
    assert story.incident.held
    with pytest.raises(Refused, match="Say why"):
        story.ask(SetHold(on=False))
    story.ask(SetHold(on=False, reason="closed"))
    assert not story.incident.held


def test_reports_alone_do_not_fire_and_begin_the_quiet_time_anew() -> None:
    story = _story()
    story.tell(ev.AlertsResolved(count=1, firing=0))
    quiet = story.incident.together.quiet_since
    later = ev.Entry(
        seq=story.incident.seq + 1, at=story.now + timedelta(minutes=5), by="users",
        event=ev.AlertsAttached(count=1, reports=1),
    )  # fmt: skip
    head = apply(story.incident, later)
    assert quiet is not None
    assert (head.reports, head.firing, head.together.quiet_since) == (1, False, later.at)
