"""What is kept of a chart."""

from __future__ import annotations

from math import inf, nan

from bot.charts import Chart, Line, Mark
from bot.charts.kept import MOST, kept
from bot.incidents import events as ev
from bot.incidents.events.log import decode, encode

T0 = 1_795_229_700.4


def test_a_long_line_keeps_its_drop() -> None:
    points = tuple((T0 + i, 0.2 if i == 777 else 0.84) for i in range(1000))
    (line,) = kept(Chart(title="Recall", lines=(Line("", points),))).lines
    assert len(line.points) <= MOST
    assert (round(T0 + 777), 0.2) in line.points
    assert list(line.points) == sorted(line.points)


def test_what_is_no_number_is_left_out_so_that_the_log_can_be_read() -> None:
    chart = Chart(
        title="Recall",
        lines=(Line("v41", ((T0, nan), (T0 + 1, 0.123456), (T0 + 2, inf))), Line("v42", ((T0, nan),))),
        usual=nan, threshold=inf, worse="below", marks=(Mark(T0, "alert", "alert"),),
    )  # fmt: skip
    event = ev.ChartDrawn(step="live", chart="live", stage="1", numbers=kept(chart))
    read = decode(encode(event))
    assert read == event
    assert event.numbers is not None
    assert [line.points for line in event.numbers.lines] == [((round(T0 + 1), 0.1235),)]
    assert event.numbers.usual is None and event.numbers.threshold is None
