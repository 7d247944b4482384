"""A chart as the incident's page draws it."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.charts import Chart, Line, Mark
from bot.web.plots import plot

T0 = 1_795_229_700.0  # 2026-11-21 02:55 UTC
CHART = Chart(
    title="Recall", usual=0.84, threshold=0.79, worse="below",
    lines=(
        Line("v41", tuple((T0 - 3600 + 60 * i, 0.84) for i in range(40))),
        Line("v42", tuple((T0 - 1200 + 60 * i, 0.71) for i in range(20))),
    ),
    marks=(Mark(T0 - 1200, "v42 released", "change"), Mark(T0, "alert", "alert")),
)  # fmt: skip


def test_the_axes_have_round_numbers_and_round_times() -> None:
    drawn = plot(CHART)
    assert drawn is not None
    assert [tick.text for tick in drawn.y_ticks] == ["0.70", "0.75", "0.80", "0.85"]
    assert [tick.text for tick in drawn.x_ticks] == ["02:00", "02:15", "02:30", "02:45"]


def test_every_line_every_mark_and_the_words_for_those_who_cannot_see_it_are_there() -> None:
    drawn = plot(CHART)
    assert drawn is not None
    assert [course.name for course in drawn.courses] == ["v41", "v42"]
    assert [(sign.label, sign.kind) for sign in drawn.signs] == [("v42 released", "change"), ("alert", "alert")]
    assert drawn.says.startswith("Recall from 01:55 to 02:54 UTC; v41 0.84 at first")
    assert drawn.subtitle == "usual 0.84 · bad below 0.79 · times in UTC"


def test_everything_lies_on_the_paper() -> None:
    drawn = plot(CHART)
    assert drawn is not None
    for course in drawn.courses:
        for x, y in re.findall(r"[ML](\S+) (\d+\.\d)", course.path):
            assert 52 <= float(x) <= drawn.right
            assert drawn.top <= float(y) <= drawn.bottom
    assert all(52 <= sign.x <= drawn.right and sign.y > 0 for sign in drawn.signs)


def test_a_line_stops_where_nothing_was_measured() -> None:
    points = tuple((T0 + 60 * i, 1.0 + i % 2) for i in range(60) if not 20 <= i < 40)
    drawn = plot(Chart(title="Errors", lines=(Line("", points),)))
    assert drawn is not None
    assert drawn.courses[0].path.count("M") == 2


def test_one_reading_can_be_drawn_and_none_cannot() -> None:
    assert plot(replace(CHART, lines=(Line("", ((T0, 0.0),)),), marks=(), usual=None, threshold=None)) is not None
    assert plot(replace(CHART, lines=())) is None


def test_a_chart_of_days_says_the_days() -> None:
    drawn = plot(Chart(title="Recall", lines=(Line("", tuple((T0 + 3600 * i, 0.8) for i in range(72))),)))
    assert drawn is not None
    assert drawn.x_ticks[0].text == "11-22 00:00"
