"""One sentence about what became of alerts that were sent."""

from __future__ import annotations

import pytest

from bot.sandbox.backstage.outcomes import Came, sentence


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (
            Came(taken=1000, took=1.24, began=("1 incident (INC-2)",), calls=14),
            "1,000 alerts taken in 1.2 s, 1 incident (INC-2), 14 Slack calls.",
        ),
        (
            Came(taken=1, took=0.02, joined=("INC-2",), calls=1),
            "1 alert taken in 20 ms, counted with INC-2, 1 Slack call.",
        ),
        (
            Came(what="report", taken=3, took=0.02, calls=0),
            "3 reports taken in 20 ms, kept quiet by a mute, 0 Slack calls.",
        ),
        (
            Came(taken=2, took=0.02, began=("1 incident (INC-2)",), joined=("INC-3",), calls=9, drawn=False),
            "2 alerts taken in 20 ms, 1 incident (INC-2), counted with INC-3, 9 Slack calls so far.",
        ),
    ],
)
def test_it_says_how_many_what_there_is_of_them_and_what_it_cost(came: Came, said: str) -> None:
    assert sentence(came) == said
