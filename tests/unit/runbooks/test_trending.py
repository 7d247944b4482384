"""A trend is a verdict of its own: with its interval, and with how much its readings are worth."""

from __future__ import annotations

from math import inf

import pytest

from bot.runbooks.schema import Query
from bot.runbooks.trending import Slope, course_range, trend_words, uses_slope
from bot.runbooks.verdicts import Reading, judge

FALLING = Slope(per_hour=-0.008, low=-0.012, high=-0.003, n=60, effective_n=14.2)
QUERY = Query(source="p", name="recall", promql="x", bad="slope_high < 0")


def test_a_fall_is_said_in_points_an_hour_with_interval_and_effective_n() -> None:
    assert trend_words(FALLING, unit="", rate=True) == "falls 0.8 points an hour (0.3 to 1.2), effective n 14"


def test_a_rise_is_said_in_its_unit() -> None:
    rising = Slope(per_hour=0.05, low=0.02, high=0.08, n=60, effective_n=20.0)
    assert trend_words(rising, unit="s", rate=False) == "rises 0.05 s an hour (0.02 to 0.08), effective n 20"


def test_an_interval_around_nothing_is_no_trend() -> None:
    flat = Slope(per_hour=0.001, low=-0.002, high=0.004, n=60, effective_n=9.6)
    said = "no trend can be told (-0.2 to +0.4 points an hour, effective n 10)"
    assert trend_words(flat, unit="", rate=True) == said


def test_a_query_that_is_judged_by_its_slope_is_bad_when_the_whole_interval_is_below_zero() -> None:
    found = judge(QUERY, Reading(value=0.8, slope=FALLING))
    said = "Recall 0.8 · falls 0.8 points an hour (0.3 to 1.2), effective n 14"
    assert (found.verdict, found.because) == ("bad", said)


def test_too_few_readings_are_inconclusive_and_no_course_is_no_data() -> None:
    few = Slope(per_hour=0.0, low=-inf, high=inf, n=5, effective_n=5.0)
    assert judge(QUERY, Reading(value=0.8, slope=few)).verdict == "inconclusive"
    assert judge(QUERY, Reading(value=0.8)).verdict == "no_data"


def test_a_query_that_names_its_slope_looks_six_hours_back_unless_it_says_otherwise() -> None:
    assert uses_slope(QUERY)
    assert course_range(QUERY) == 6 * 3600
    assert course_range(Query(source="p", promql="x", bad="slope > 1", range=60.0)) == 60
    assert course_range(Query(source="p", promql="x", bad="value > 1")) is None


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ("mistakes_only", "counts only the mistakes that were reported"), ("sampled", "from a sample"),
        ("proxy", "a proxy for quality, not quality"),
    ],
)  # fmt: skip
def test_a_number_says_what_kind_of_signal_it_is(signal: str, said: str) -> None:
    query = Query(source="p", name="recall", promql="x", bad="value < 0", signal=signal)  # type: ignore[arg-type]
    assert judge(query, Reading(value=0.8)).because == f"Recall 0.8 · {said}"
