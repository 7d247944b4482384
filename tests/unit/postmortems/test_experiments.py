"""Experiments that ran when the trouble began belong to what people read afterwards."""

from __future__ import annotations

from msgspec.structs import replace

from bot.postmortems.draft import draft
from bot.runbooks.schema.experiment import Experiment
from tests.unit.incidents.story import Story


def test_experiments_that_ran_are_in_the_impact() -> None:
    story = Story()
    opened = story.log[0]
    experiments = (Experiment(name="new-threshold"), Experiment(name="over", until=opened.at.replace(year=2020)))
    log = [replace(opened, event=replace(opened.event, experiments=experiments)), *story.log[1:]]
    head = replace(story.incident, experiments=experiments)
    assert "experiments that ran: new-threshold" in draft(head, log, names={}, now=story.now).impact
    assert not any("experiments" in line for line in draft(story.incident, story.log, names={}, now=story.now).impact)
