"""A mention is one thing, however Slack wrote it."""

from __future__ import annotations

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.mentions import call, mentioned
from bot.incidents.timeline import named, people_in, timeline
from bot.postmortems.draft import draft
from tests.unit.incidents.story import ADA, BEN, Story

BOTH = f"<@{ADA}> and <@{BEN}|ben>"


def test_both_spellings_of_a_mention_are_read() -> None:
    assert mentioned(BOTH) == [ADA, BEN]
    assert call(BOTH, {BEN: "Ben"}.get) == f"<@{ADA}> and Ben"


def test_the_timeline_names_whoever_a_command_mentioned_with_a_name() -> None:
    story = Story()
    story.ask(cmd.AddNote(text=BOTH))
    lines = timeline(story.log)
    assert people_in(lines) == {ADA, BEN}
    assert named(lines, {ADA: "Ada", BEN: "Ben"})[-1].text == "Ada and Ben"


def test_whys_action_items_and_written_sections_are_told_by_roles() -> None:
    story = Story()
    story.ask(cmd.TakeLead(lead=ADA))
    story.ask(cmd.AddWhy(text=f"<@{BEN}|ben> was alone", role="trigger"))
    story.ask(cmd.AddActionItem(text="ask <@UADA|ada>", owner=ADA, due="2026-12-01"))
    story.ask(cmd.WriteSection(section="lucky", text=f"<@{ADA}> was awake"))
    story.tell(ev.Reopened(reason=f"says <@{ADA}>"), by=ADA)
    made = draft(story.incident, story.log, names={}, now=story.now)
    told = [made.whys[0].text, made.trigger[0], made.items[0].text, *made.lucky, *made.badly]
    assert not any("<@" in text for text in told)
    assert made.lucky == ("the lead was awake",)
