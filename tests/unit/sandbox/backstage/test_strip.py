"""What the strip says of the scenario, of time and of the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.backstage.drawing import Drawings
from bot.sandbox.backstage.strip import clock, glance, in_words, label_of, playing, telling
from bot.sandbox.world import SCENARIOS, World
from bot.sandbox.world.charts import Chart, Line
from tests.unit.sandbox.backstage.director import NOON, Director


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, ""),
        (59, "59 s"),
        (600, "10 min"),
        (12_000, "3 h 20 min"),
        (7_200, "2 h"),
        (86_400 + 3_600 + 60, "1 d 1 h"),
        (-5, ""),
    ],
)
def test_how_far_the_clock_is_ahead_is_said_in_its_two_largest_units(seconds: float, expected: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == expected


def test_the_clock_says_the_date_once_it_is_another_day_s() -> None:
    director = Director()
    assert clock(director).other_day is False
    director.jumped = timedelta(hours=13)
    shown = clock(director)
    assert (shown.other_day, shown.ahead, shown.at.hour) == (True, "+13 h ahead", 1)


def test_a_clock_that_only_ticks_is_not_drawn_anew_within_a_minute() -> None:
    director = Director()
    before = clock(director)
    director.machine = NOON + timedelta(seconds=50)
    assert clock(director) == before


def test_the_menu_names_what_plays_and_whether_something_would_be_lost() -> None:
    director = Director()
    shown = playing(director, pages="http://bot/incidents")
    assert (shown.label, shown.touched) == ("Fraud recall drop", False)
    assert [row.name for row in shown.rows if row.plays] == ["fraud-recall-drop"]
    director.acted = True
    assert playing(director, pages="http://bot/incidents").touched
    assert label_of("") == ""


def test_the_service_is_told_by_the_versions_that_serve() -> None:
    shown = glance(World(SCENARIOS["fraud-recall-drop"], seed=42, clock=lambda: datetime(2026, 9, 21, tzinfo=UTC)))
    (version,) = [version for version in shown.versions if version.serves]
    assert (shown.service, version.name, version.share) == ("fraud-scorer", "v42", "100 %")
    assert shown.figure is None


def test_a_scenario_that_is_not_about_recall_shows_what_it_is_about() -> None:
    lines = (
        Line(name="feature-store", points=((0.0, 0.9),)),
        Line(name="fraud-scorer", points=((0.0, 1.3), (1.0, None))),
    )
    shown = Chart(title="p99 latency, own and upstream", unit="s", lines=lines, threshold=0.5)
    figure = telling([shown])
    assert figure is not None
    assert (figure.name, figure.whose, figure.value, figure.bad) == ("p99 latency", "fraud-scorer", "1.30 s", True)
    assert telling([]) is None
    assert telling([Chart(title="Errors", unit="%", lines=(), threshold=1.0)]) is None


def test_a_part_is_drawn_once_until_its_value_changes() -> None:
    drawings, director = Drawings(), Director()
    assert drawings.html("strip:clock", "") == ""
    assert drawings.put("strip:clock", clock(director)) is True
    first = drawings.html("strip:clock", "")
    assert drawings.put("strip:clock", clock(director)) is False
    assert drawings.html("strip:clock", "") is first
    director.jumped = timedelta(hours=1)
    assert drawings.put("strip:clock", clock(director)) is True
    assert "+1 h ahead" in drawings.html("strip:clock", "")


def test_a_scenario_s_words_are_text_and_never_markup() -> None:
    drawings = Drawings()
    director = Director(scenarios={"fraud-recall-drop": "<script>alert(1)</script>"})
    drawings.put("strip:playing", playing(director, pages="http://bot/incidents"))
    html = drawings.html("strip:playing", "")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
