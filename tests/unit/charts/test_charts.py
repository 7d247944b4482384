"""What a chart shows: the series, what is usual, what is bad, and what happened when."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts import Chart, Line, Mark, spec, words
from bot.charts.render import png, svg
from bot.charts.spec import legible

T0 = 1_795_229_700.0  # 2026-11-21 02:55 UTC
CHART = Chart(
    title="Recall",
    lines=(
        Line("v41", tuple((T0 - 3600 + 60 * i, 0.84) for i in range(40))),
        Line("v42", tuple((T0 - 1200 + 60 * i, 0.71) for i in range(20))),
    ),
    usual=0.84, low=0.83, high=0.85, threshold=0.79, worse="below",
    marks=(Mark(T0 - 1200, "v42 released", "change"), Mark(T0, "alert", "alert")),
)  # fmt: skip


def test_the_words_say_the_numbers_what_is_usual_and_what_happened() -> None:
    assert words(CHART) == (
        "Recall from 01:55 to 02:54 UTC; v41 0.84 at first, 0.84 at last; v42 0.71 at first, 0.71 at last; "
        "lowest 0.71 at 02:35, highest 0.84 at 01:55; usual 0.84 (mostly 0.83 to 0.85); bad below 0.79; "
        "v42 released at 02:35; alert at 02:55"
    )


def test_the_title_says_the_unit_and_the_zone_of_the_times() -> None:
    title = spec(replace(CHART, unit="%"))["title"]
    assert (title["text"], title["subtitle"]) == ("Recall (%)", "usual 0.84 · bad below 0.79 · times in UTC")


def test_every_series_band_threshold_and_mark_is_a_layer_and_every_line_has_its_name() -> None:
    layers = spec(CHART)["layer"]
    kinds = [layer["mark"]["type"] for layer in layers if layer["mark"]["type"] != "text"]
    assert kinds == ["point", "rect", "rule", "rule", "rule", "rule", "line", "line"]
    texts = dict.fromkeys(layer["mark"]["text"] for layer in layers if "text" in layer["mark"])
    assert list(texts) == ["v42 released", "alert", "v41", "v42"]


def test_labels_of_marks_that_stand_close_do_not_run_into_each_other() -> None:
    near = replace(CHART, marks=(Mark(T0 - 900, "one", "change"), Mark(T0 - 870, "two", "alert")))
    rows = [layer["mark"]["dy"] for layer in spec(near)["layer"] if layer["mark"].get("text") in ("one", "two")]
    assert len(set(rows)) == 2


def test_a_third_label_that_would_run_into_the_first_stands_above_both() -> None:
    marks = (
        Mark(T0 - 900, "v42 released", "change"),
        Mark(T0 - 60, "alert", "alert"),
        Mark(T0, "rollback", "action"),
    )
    drawn = spec(replace(CHART, marks=tuple(replace(mark, label=mark.label * 2) for mark in marks)))
    rows = [layer["mark"]["dy"] for layer in drawn["layer"] if layer["mark"].get("fontSize") == 12]
    assert len(set(rows)) == 3


def test_a_line_stops_where_nothing_was_measured() -> None:
    before, after = CHART.lines[0].points[:10], CHART.lines[0].points[30:]
    drawn = spec(replace(CHART, lines=(Line("v41", (*before, *after)),)))
    (line,) = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "line"]
    assert line["encoding"]["detail"]["field"] == "stretch"
    assert [value["stretch"] for value in line["data"]["values"]] == [0] * 10 + [1] * 10


def test_a_picture_has_a_background_of_its_own_so_that_it_reads_in_the_dark_too() -> None:
    picture = png(CHART)
    assert picture.startswith(b"\x89PNG")
    assert spec(CHART)["background"] == "#ffffff"
    assert "Recall" in svg(CHART)


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        png(Chart(title="Recall", lines=(Line("", ()),)))
    assert words(Chart(title="Recall", lines=())) == "Recall: no data"


NUMBERS = st.floats(-1e12, 1e12)


@given(
    st.lists(st.tuples(st.floats(0, 4e9), NUMBERS), min_size=1, max_size=5),
    st.text(max_size=40), st.text(max_size=40), st.none() | NUMBERS,
)  # fmt: skip
def test_whatever_is_in_it_a_specification_is_plain_json_that_keeps_texts_as_texts(
    points: list[tuple[float, float]], title: str, label: str, threshold: float | None
) -> None:
    chart = Chart(
        title=title, lines=(Line(label, tuple(sorted(points))),), threshold=threshold, worse="above",
        marks=(Mark(points[0][0], label, "alert"),),
    )  # fmt: skip
    drawn = json.loads(json.dumps(spec(chart)))
    assert drawn["title"]["text"] == legible(chart.label)
    assert all("labelExpr" not in json.dumps(layer["mark"]) for layer in drawn["layer"])
    assert len(words(chart)) <= 1000


@pytest.mark.parametrize("hostile", ["4\x002", "a\nb", "\x1b[31m", "\u202ev42", "\ufffe"])
def test_a_label_with_control_characters_is_drawn_without_them(hostile: str) -> None:
    chart = replace(
        CHART, title=hostile, lines=tuple(replace(line, name=hostile) for line in CHART.lines),
        marks=(Mark(T0, hostile, "change"),),
    )  # fmt: skip
    layers = spec(chart)["layer"]
    texts = {spec(chart)["title"]["text"], *(layer["mark"]["text"] for layer in layers if "text" in layer["mark"])}
    assert all(text.isprintable() for text in texts)
    assert png(chart).startswith(b"\x89PNG")
