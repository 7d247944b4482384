"""A storm of alerts is a number on the screen that changes seldom: every drawing is a call of Slack's."""

from __future__ import annotations

import itertools

from bot.incidents import events as ev
from bot.slack.view import view
from bot.slack.view.alerts_seen import many
from tests.unit.slack.stories import WORKPLACE, Story


def test_few_alerts_are_counted_and_many_are_a_round_number_or_more_than_one() -> None:
    assert [many(n) for n in (1, 20, 21, 51, 999, 1000, 1001, 99_999, 100_001)] == [
        "1", "20", "more than 20", "more than 50", "more than 500", "1,000", "more than 1,000", "more than 10,000",
        "more than 100,000",
    ]  # fmt: skip


def test_a_hundred_thousand_alerts_in_thousands_of_commits_change_the_drawings_a_dozen_times() -> None:
    story = Story().measured()
    drawings = []
    for number in range(3000):
        story.then(ev.AlertsAttached(count=33, fingerprints=(f"f{number}",), names=("ModelRecallDrop",)))
        if number < 60 or number % 50 == 0:
            drawings.append({surface.key: surface.digest for surface in view(story.incident(), WORKPLACE)})
    changed = [before != after for before, after in itertools.pairwise(drawings)]
    assert sum(changed) <= 12
