"""People read names; programs read ids."""

from __future__ import annotations

from bot.incidents.timeline import named, people_in, timeline
from tests.unit.incidents.story import ADA, BEN, Story


def test_people_are_called_by_their_names_and_whoever_has_none_keeps_the_id() -> None:
    story = Story()
    story.requested()
    lines = timeline(story.log)
    assert people_in(lines) == {ADA, BEN}
    told = named(lines, {ADA: "Ada Lovelace"})
    assert {"Ada Lovelace", "evenkeel"} <= {line.by for line in told}
    assert any(f"<@{BEN}>" in line.text for line in told)
    assert not any(ADA in line.text or ADA in line.by for line in told)
