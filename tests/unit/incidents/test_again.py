"""What could not be known in the first second is asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.walk import suggestion
from tests.unit.incidents.story import START, Story


@pytest.fixture(name="story")
def _story() -> Story:
    return Story()


def away(story: Story, *, running: str | None = None) -> ev.VersionsSeen:
    again_at = story.now + timedelta(seconds=30)
    return ev.VersionsSeen(running=running, because="prometheus cannot be reached", again_at=again_at)


def lacking(step: str, *versions: str) -> ev.StepMeasured:
    evidence = {"unknown": list(versions)}
    return ev.StepMeasured(step=step, attempt=1, verdict="no_data", because="not known", evidence=evidence)


def test_versions_that_could_not_be_read_are_read_again_at_their_time(story: Story) -> None:
    story.report(away(story))
    assert "versions" not in story.work()
    assert story.agenda().wake_at == START + timedelta(seconds=30)
    story.later(seconds=30)
    assert "versions" in story.work()
    assert story.report(away(story)) != ()
    assert "versions" not in story.work()
    story.later(seconds=30)
    story.seen()
    assert "versions" not in story.work()
    assert story.agenda().wake_at is None


def test_versions_that_are_known_are_taken_once(story: Story) -> None:
    story.seen()
    assert story.report(ev.VersionsSeen(running="42", target="41", shares={"42": 0.9})) == ()


def test_versions_are_not_read_again_once_the_incident_is_over(story: Story) -> None:
    story.report(away(story))
    story.ask(cmd.Resolve())
    story.later(minutes=5)
    assert story.agenda().work == ()


def test_readings_of_the_same_doubt_are_counted_and_another_doubt_begins_anew(story: Story) -> None:
    counted = []
    for running in (None, None, "42", "42", None):
        story.report(away(story, running=running))
        counted.append(story.incident.versions.tries if story.incident.versions else 0)
    assert counted == [1, 2, 1, 2, 1]


def test_what_lacked_a_version_is_measured_again_once_all_that_it_lacked_is_known(story: Story) -> None:
    story.report(away(story), lacking("live", "running"), lacking("versions", "running", "target"))
    story.measured("changes")
    assert story.work() == set()
    story.report(away(story, running="42"))
    assert story.work() == {"measure:live"}
    story.measured("live")
    story.seen()
    assert story.work() == {"measure:versions"}
    story.measured("versions")
    assert story.work() == set()


def test_a_target_that_becomes_known_a_minute_later_is_suggested(story: Story) -> None:
    story.report(away(story, running="42"), lacking("versions", "target"))
    story.measured("live")
    story.measured("changes")
    before = suggestion(story.incident)
    story.later(minutes=1)
    story.seen()
    story.measured("versions")
    after = suggestion(story.incident)
    assert (before and before.option, after and after.option) == ("help", "rollback")


def test_a_measurement_that_was_skipped_is_not_made_again(story: Story) -> None:
    story.report(away(story), lacking("live", "running"))
    story.tell(ev.StepSkipped(step="live", reason="not needed"))
    story.seen()
    assert "measure:live" not in story.work()
