"""The postmortem says what the log says, by roles, and marks what only people can write."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.safeguards import BreakGlass
from bot.incidents.commands.walking import AddHypothesis, JudgeHypothesis, OverrideVerdict
from bot.incidents.counting import duration
from bot.postmortems.document import Postmortem
from bot.postmortems.draft import draft
from bot.postmortems.exports import EXPORTS
from bot.postmortems.exports.markdown import escape
from tests.unit.incidents.acted import STAGING, asked, rehearsed
from tests.unit.incidents.story import ADA, BEN, Story, a_runbook

TEMPLATE = (Path(__file__).parents[3] / "templates" / "postmortem.md.j2").read_text()
NAMES = {ADA: "Ada Lovelace", BEN: "Ben"}


def whole_story() -> Story:
    story = Story()
    story.ask(cmd.Acknowledge(), by=ADA)
    story.later(minutes=2)
    story.watching()
    story.ask(cmd.PublishUpdate(audience="risk", text="Back on v41", step="tell"))
    story.ask(cmd.Resolve(summary="Recall fell after v42; v41 serves again."))
    story.ask(cmd.AddWhy(text="the release skipped the evaluation", role="trigger"))
    story.ask(cmd.AddWhy(text="the job was red for weeks", parent="w1"))
    story.ask(cmd.AddWhy(text="labels come six hours late", role="detection"))
    story.ask(cmd.AddActionItem(text="Block releases without evaluation", owner=ADA, due="2026-12-01"))
    return story


def document(story: Story) -> Postmortem:
    return draft(story.incident, story.log, names=NAMES, now=story.now)


def markdown(story: Story) -> str:
    return EXPORTS["markdown"].render(document(story), TEMPLATE)


def test_every_section_that_the_template_promises_is_there() -> None:
    text = markdown(whole_story())
    for heading in (
        "Summary", "Impact", "Trigger", "Contributing factors", "Detection", "Resolution", "What went well",
        "What went badly", "Where we were lucky", "The model", "Action items", "Timeline",
    ):  # fmt: skip
        assert f"\n## {heading}\n" in text


def test_whys_branch_and_explain_each_other() -> None:
    whys = document(whole_story()).whys
    assert [(why.number, why.text) for why in whys] == [
        ("1", "the release skipped the evaluation"),
        ("1.1", "the job was red for weeks"),
        ("2", "labels come six hours late"),
    ]


def test_the_rollback_record_carries_its_clock() -> None:
    made = document(whole_story())
    (rollback,) = made.rollbacks
    assert (rollback.running, rollback.target, rollback.outcome) == ("42", "41", "confirmed")
    assert {clock.name: clock.seconds for clock in made.clocks}["approval to safe"] == 20.0


def test_the_story_is_told_by_roles_and_names_stand_where_somebody_owns_something() -> None:
    text = markdown(whole_story())
    story, owned = text.split("## Action items")[0], text.split("## Action items")[1].split("## What stake")[0]
    assert "Ada Lovelace" in owned
    assert "Ben" not in text
    assert "an approver" in text
    assert ADA not in story.replace("Ada Lovelace", "")


def test_the_draft_says_what_is_still_to_be_written() -> None:
    story = Story()
    assert "no why has been answered yet" in document(story).missing
    assert "no action item has an owner and a day yet" in document(story).missing


def test_a_person_can_write_a_section() -> None:
    story = whole_story()
    story.ask(cmd.WriteSection(section="lucky", text="The fraud team\nwas awake"))
    assert document(story).lucky == ("The fraud team", "was awake")


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "a | b\n## Root", "`x`"]
)
def test_no_text_in_it_becomes_markup(hostile: str) -> None:
    story = whole_story()
    story.tell(ev.NoteAdded(text=hostile), by=ADA)
    page = EXPORTS["html"].render(document(story), TEMPLATE)
    assert "<script" not in page
    assert "javascript:" not in page or 'href="javascript' not in page
    assert page.count("<h2>") == EXPORTS["html"].render(document(whole_story()), TEMPLATE).count("<h2>")


def test_json_holds_the_same_document() -> None:
    made = document(whole_story())
    assert msgspec.json.decode(EXPORTS["json"].render(made, TEMPLATE), type=Postmortem) == made


def test_durations_are_said_as_people_say_them() -> None:
    assert [duration(s) for s in (0, 59, 260, 7500, 3600, 90000, 172800)] == [
        "0 s", "59 s", "4 min 20 s", "2 h 5 min", "1 h", "1 day 1 h", "2 days",
    ]  # fmt: skip


def test_escaping_keeps_a_cell_a_cell() -> None:
    assert escape("a|b\nc") == "a\\|b c"


def test_what_was_suspected_stands_in_the_document_with_what_shows_it() -> None:
    story = whole_story()
    assert "What was suspected" not in EXPORTS["markdown"].render(document(story), TEMPLATE)
    story.ask(AddHypothesis(text="The feed | broke"))
    story.ask(JudgeHypothesis(hypothesis=1, judged="ruled_out", evidence=f"<@{BEN}> saw no gaps"))
    said = EXPORTS["markdown"].render(document(story), TEMPLATE)
    assert "## What was suspected" in said
    assert "| 1 | The feed \\| broke | ruled out | an approver saw no gaps |" in said


def test_a_verdict_that_a_person_overruled_is_told_beside_what_was_measured() -> None:
    story = Story()
    story.seen()
    story.measured("versions", "bad", "42 against 41")
    story.ask(OverrideVerdict(step="versions", attempt=1, verdict="ok", reason="a replay ran"))
    (measured,) = document(story).measurements
    assert (measured.verdict, measured.because) == (
        "ok", "42 against 41 (taken as ok by responder 1: a replay ran)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("says", "owner"),
    [("lead", "Ada Lovelace"), ("role:owner", ""), ("user:UBEN", "Ben"), ("ml-quality", "ml-quality")],
)
def test_the_runbook_says_who_owns_the_document(says: str, owner: str) -> None:
    story = Story(msgspec.structs.replace(a_runbook(), postmortem_owner=says))
    story.ask(cmd.Acknowledge(), by=ADA)
    assert document(story).owner == owner


def test_a_runbook_that_wants_no_postmortem_misses_nothing() -> None:
    story = Story(msgspec.structs.replace(a_runbook(), postmortem_required=False))
    story.ask(cmd.Resolve())
    assert document(story).missing == ()


def test_the_rollback_record_says_how_it_was_rehearsed_and_whose_yes_it_was() -> None:
    (plain,) = document(whole_story()).rollbacks
    assert (plain.rehearsed, plain.yes, plain.glass) == ("", "an approver", False)
    story = asked(rehearse=STAGING, break_glass=True)
    story.ask(cmd.TakeLead(lead=ADA), by=ADA)
    rehearsed(story)
    story.later(minutes=10)
    story.timers()
    story.ask(BreakGlass(step="rollback", attempt=1, reason="nobody answers"))
    (alone,) = document(story).rollbacks
    assert (alone.rehearsed, alone.yes, alone.glass) == ("passed", "the lead, without an approver", True)
    assert "nobody answered who may approve rollback; it began without an approver" in document(story).badly
    assert "| passed | the lead, without an approver |" in markdown(story)
