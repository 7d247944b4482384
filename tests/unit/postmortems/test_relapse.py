"""A relapse measures and acts anew; the postmortem forgets nothing of the time before."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.postmortems.document import Postmortem
from bot.postmortems.draft import draft
from bot.slack.view import view
from tests.unit.incidents.story import ADA, BEN, Story
from tests.unit.slack import stories


def _document(story: Story) -> Postmortem:
    return draft(story.incident, story.log, names={}, now=story.now)


def _relapsed() -> Story:
    story = Story()
    story.watching()
    story.later(minutes=30)
    story.ask(cmd.Resolve())
    story.report(ev.WatchEnded(step="day", attempt=1, verdict="bad", because="Recall 0.70 at three looks"))
    story.ask(cmd.Reopen(reason="it is back, says <@UADA|ada>"), by=ADA)
    return story


def test_a_relapse_erases_neither_the_first_rollback_nor_its_clocks() -> None:
    made = _document(_relapsed())
    assert [(r.step, r.outcome) for r in made.rollbacks] == [("rollback", "confirmed")]
    clocks = {clock.name: clock.seconds for clock in made.clocks}
    assert (clocks["alert to safe"], clocks["approval to safe"]) == (20.0, 20.0)
    assert {"live", "versions"} <= {m.step for m in made.measurements}
    assert made.watch.startswith("ended; 0 looks, last: bad Recall 0.70")


def test_a_second_rollback_stands_beside_the_first_and_gives_the_clocks() -> None:
    story = _relapsed()
    story.later(minutes=5)
    story.seen(running="41", target="40")
    story.measured("versions")
    story.ask(cmd.RunStep(step="rollback", attempt=2))
    story.ask(cmd.Decline(step="rollback", attempt=2, reason="not 40"), by=BEN)
    made = _document(story)
    assert [(r.running, r.target, r.outcome) for r in made.rollbacks] == [
        ("42", "41", "confirmed"), ("41", "40", "declined"),
    ]  # fmt: skip
    assert [m.step for m in made.measurements].count("versions") == 2


def test_an_undo_has_a_record_of_its_own_and_leaves_that_of_the_rollback() -> None:
    story = Story()
    story.watching()
    story.ask(cmd.Undo(step="rollback", attempt=1))
    made = _document(story)
    assert [(r.undo, r.target, r.outcome) for r in made.rollbacks] == [
        (False, "41", "confirmed"), (True, "42", "requested"),
    ]  # fmt: skip


def test_who_reopened_it_is_told_by_role() -> None:
    (line,) = [line for line in _document(_relapsed()).badly if line.startswith("reopened")]
    assert line == "reopened: it is back, says responder 1"


def test_from_the_alert_to_safe_is_one_number_in_the_channel_and_in_the_postmortem() -> None:
    story = stories.Story()
    first = story.entries[0]
    assert isinstance(first.event, ev.IncidentOpened)
    began = stories.OPENED - timedelta(minutes=10)
    story.entries[0] = replace(first, event=replace(first.event, began_at=began))
    incident = story.watched().incident()
    safe = next(s for s in view(incident, stories.WORKPLACE) if s.key == "safe:rollback:1")
    made = draft(incident, story.entries, names={}, now=story.now)
    seconds = next(clock.seconds for clock in made.clocks if clock.name == "alert to safe")
    assert seconds == 842.0
    assert "From the alert to safe: 14 min 2 s." in str(safe.content)


def test_a_watch_that_began_anew_is_told_beside_the_one_before() -> None:
    story = Story()
    story.watching()
    story.later(hours=1)
    story.tell(ev.WatchEnded(step="day", attempt=1, verdict="no_data", because="what it watched was taken back"))
    story.later(hours=1)
    story.tell(ev.WatchStarted(step="day", attempt=2, until=story.now + timedelta(days=1), every=600.0))
    first, second = _document(story).watch.split(". Then ")
    assert first.endswith("what it watched was taken back")
    assert second.startswith("runs until 2026-11-22 05:05 UTC")
