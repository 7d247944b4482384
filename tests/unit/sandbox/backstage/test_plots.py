"""What a chart of the model service looks like: ticks, paths, labels, marks."""

from __future__ import annotations

import pytest

from bot.sandbox.backstage.plots import in_a_sentence, looks, path, plot, plots, table, x_ticks, y_numbers
from bot.sandbox.backstage.scales import Scale, decimals_of, spread, ticks, written
from bot.sandbox.world.charts import Chart, Line, Mark

START = 1_790_000_000.0


def line(name: str, *values: float | None) -> Line:
    return Line(name=name, points=tuple((START + 60.0 * at, value) for at, value in enumerate(values)))


def chart(*lines: Line, unit: str = "", threshold: float | None = None) -> Chart:
    return Chart(title="Recall by version", unit=unit, lines=lines, threshold=threshold)


ALONG = Scale(low=START, high=START + 600.0, start=0.0, end=100.0)
UP = Scale(low=0.0, high=1.0, start=100.0, end=0.0)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.71, 0.86, (0.7, 0.75, 0.8, 0.85, 0.9)),
        (0.0, 100.0, (0.0, 50.0, 100.0)),
        (0.0, 1637.0, (0.0, 1000.0, 2000.0)),
        (3.0, 3.0, (2.6, 2.8, 3.0, 3.2, 3.4)),
        (0.0, 0.0, (-1.0, 0.0, 1.0)),
    ],
)
def test_ticks_are_few_round_numbers_around_all_values(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_a_number_is_written_with_the_figures_that_matter_and_its_unit() -> None:
    assert [written(value, "") for value in (0.724, 0.0, 1.0, 0.0123)] == ["0.72", "0", "1", "0.012"]
    assert written(1637.4, "/s") == "1,637 /s"
    assert written(38.04, "%") == "38.0 %"
    assert written(0.5, "s", decimals=decimals_of(0.05)) == "0.50 s"


def test_labels_are_moved_apart_but_stay_inside() -> None:
    assert spread([50.0, 51.0, 90.0], apart=13.0, low=0.0, high=100.0) == (50.0, 63.0, 90.0)
    assert spread([100.0, 100.0], apart=13.0, low=0.0, high=100.0) == (87.0, 100.0)


def test_a_missing_value_is_a_gap_and_a_lonely_one_a_dot() -> None:
    drawn = path(line("v42", 0.5, 0.6, None, 0.7, None, 0.8, 0.9), ALONG, UP)
    assert drawn == "M0 50L10 40M30 30h0M50 20L60 10"


def test_a_line_without_any_value_has_no_path_and_no_label() -> None:
    drawn = plot(chart(line("v41", None, None), line("v42", 0.7, 0.8)), [], key="c", styles={})
    assert [one.name for one in drawn.lines] == ["v42"]


def test_the_last_known_value_is_marked_as_old_when_none_follows_it() -> None:
    drawn = plot(chart(line("v41", 0.84, None), line("v42", 0.7, 0.72)), [], key="c", styles={})
    assert [(one.name, one.value, one.stale) for one in drawn.lines] == [
        ("v41", "0.84", True),
        ("v42", "0.72", False),
    ]


def test_the_axis_holds_every_value_and_the_alert_s_line() -> None:
    numbers = y_numbers(chart(line("v42", 0.7, 0.74), threshold=0.8))
    assert numbers[0] <= 0.7
    assert numbers[-1] >= 0.8


def test_small_values_are_measured_from_nought() -> None:
    assert y_numbers(chart(line("errors", 0.1, 3.0), unit="%"))[0] == 0.0


def test_times_are_told_as_minutes_ago_and_the_end_is_now() -> None:
    assert [tick.text for tick in x_ticks(ALONG)] == ["10 min ago", "5", "now"]
    day = Scale(low=START, high=START + 86_400.0, start=0.0, end=100.0)
    assert [tick.text for tick in x_ticks(day)] == ["20 h ago", "10", "now"]


def test_the_newest_version_is_drawn_plainest_and_keeps_its_look_in_every_chart() -> None:
    recall, traffic = chart(line("v41", 0.8), line("v42", 0.7)), chart(line("v40", 0), line("v41", 1), line("v42", 2))
    styles = looks([recall, traffic])
    assert styles["v42"] == 0
    assert len({styles[name] for name in ("v40", "v41", "v42")}) == 3


def test_marks_outside_the_time_are_left_out_and_labels_do_not_overlap() -> None:
    marks = [
        Mark(kind="release", at=START - 1.0, text="v41 released"),
        Mark(kind="release", at=START + 10.0, text="v42 released"),
        Mark(kind="alert", at=START + 20.0, text="ModelRecallDrop fires"),
        Mark(kind="flag", at=START + 30.0, text="fraud-model: 41"),
        Mark(kind="alert", at=START + 40.0, text="ModelRecallDrop is over"),
    ]
    drawn = plot(chart(line("v42", *[0.7] * 31)), marks, key="c", styles={})
    assert [mark.label for mark in drawn.marks] == ["v42 released", "alert", "flag 41", ""]
    assert [mark.row for mark in drawn.marks[:3]] == [0, 1, 2]
    assert drawn.top > 40.0


def test_a_mark_at_the_right_edge_has_its_label_on_the_left() -> None:
    marks = [Mark(kind="release", at=START + 60.0, text="v42 released")]
    (mark,) = plot(chart(line("v42", 0.7, 0.7)), marks, key="c", styles={}).marks
    assert mark.anchor == "end"


def test_a_chart_without_points_is_not_drawn() -> None:
    assert plots([chart(), chart(Line(name="v42", points=()))], [], minutes=20).plots == ()


def test_a_chart_of_one_moment_is_drawn() -> None:
    (drawn,) = plots([chart(line("v42", 0.7))], [], minutes=20).plots
    assert drawn.lines[0].path.endswith("h0")


def test_the_table_says_the_same_with_the_newest_moment_first() -> None:
    rows = table(chart(line("v41", 0.84, None), line("v42", 0.7, 0.72)))
    assert [row.values for row in rows] == [("—", "0.72"), ("0.84", "0.70")]


def test_whoever_does_not_see_the_chart_is_told_it_in_a_sentence() -> None:
    said = in_a_sentence(chart(line("v41", None), line("v42", 0.84, 0.72), threshold=0.8))
    assert said == "v41: no value; v42: 0.72 last, between 0.72 and 0.84; the alert's line is at 0.80."
