"""What a reading means, and the line that says why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.schema import Query
from bot.runbooks.trending import Slope
from bot.runbooks.verdicts import Judgement, Reading, judge, rate_interval

RECALL: dict[str, Any] = {
    "name": "quality", "title": "Recall", "counts": "confirmed frauds", "better": "higher", "min_effect": 0.02,
    "signal": "delayed", "label_delay": 6 * 3600.0,
}  # fmt: skip


def query(**fields: Any) -> Query:
    return Query(source="prometheus", promql="up", **fields)


def judged(fields: dict[str, Any], **reading: Any) -> Judgement:
    return judge(query(**fields), Reading(**reading))


def test_a_drop_is_told_with_its_number_n_and_age() -> None:
    found = judged(RECALL, value=0.71, baseline=0.84, n=412, age=6 * 3600.0)

    assert found.verdict == "bad"
    assert found.because == "Recall 0.71, was 0.84 · 412 confirmed frauds · labels 6 h old"
    assert found.low == pytest.approx(0.664, abs=0.001)
    assert found.high == pytest.approx(0.752, abs=0.001)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.85, "ok"), (0.84, "ok"), (0.835, "ok"), (0.83, "warn"), (0.821, "warn"), (0.82, "bad"), (0.5, "bad")],
)
def test_what_matters_is_the_effect(value: float, verdict: str) -> None:
    assert judged(RECALL, value=value, baseline=0.84).verdict == verdict
    assert judged(RECALL, value=value, baseline=0.84, n=1_000_000).verdict == verdict


def test_where_lower_is_better_more_is_worse() -> None:
    errors = {"better": "lower", "min_effect": 5.0}

    assert [judged(errors, value=value, baseline=10.0).verdict for value in (2.0, 12.0, 13.0, 16.0)] == [
        "ok", "ok", "warn", "bad",
    ]  # fmt: skip


def test_a_drop_that_chance_explains_is_inconclusive_and_says_its_interval() -> None:
    found = judged(RECALL, value=0.80, baseline=0.84, n=100)

    assert found.verdict == "inconclusive"
    said = "Recall 0.8, was 0.84 · 100 confirmed frauds · not certain, 95 %: 0.711 to 0.867"
    assert found.because == f"{said}; about 223 more would settle it"
    assert judged(RECALL, value=0.80, baseline=0.84, n=322).verdict == "inconclusive"
    assert judged(RECALL, value=0.80, baseline=0.84, n=323).verdict == "bad"


def test_too_few_cases_say_nothing_either_way() -> None:
    for value in (0.84, 0.1):
        found = judged(RECALL, value=value, baseline=0.84, n=12)
        assert found.verdict == "inconclusive"
        assert found.because.endswith("12 confirmed frauds · too few to tell, 30 at least")


@pytest.mark.parametrize(
    ("better", "value", "verdict"),
    [("higher", 0.96, "warn"), ("higher", 0.95, "bad"), ("higher", 0.98, "ok"), ("lower", 1.2, "warn"),
     ("lower", 1.25, "bad"), ("lower", 1.1, "ok")],
)  # fmt: skip
def test_without_an_effect_a_part_of_the_baseline_matters(better: str, value: float, verdict: str) -> None:
    assert judged({"better": better}, value=value, baseline=1.0).verdict == verdict


def test_something_where_there_was_nothing_is_worth_a_look_and_no_more() -> None:
    assert judged({"better": "lower"}, value=0.1, baseline=0.0).verdict == "warn"
    assert judged({"better": "lower"}, value=0.0, baseline=0.0).verdict == "ok"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_no_value_is_no_data_and_never_ok(value: float | None) -> None:
    assert judged(RECALL, value=value, baseline=0.84) == Judgement(verdict="no_data", because="Recall: no data")


def test_a_query_may_count_silence_as_bad() -> None:
    found = judged({**RECALL, "no_data": "bad"}, value=None)

    assert (found.verdict, found.because) == ("bad", "Recall: no data, which counts as bad here")


def test_what_is_usual_is_said_where_no_cases_were_counted() -> None:
    usual = (0.81, 0.85)
    assert (
        judged(RECALL, value=0.71, baseline=0.84, usual=usual).because == "Recall 0.71, was 0.84 · usual 0.81 to 0.85"
    )
    assert "usual" not in judged(RECALL, value=0.71, baseline=0.84, usual=usual, n=412).because
    assert "usual" not in judged(RECALL, value=0.84, baseline=0.84, usual=usual).because
    assert "usual" not in judged(RECALL, value=0.71, baseline=0.84, usual=(0.84, 0.84)).because


def test_without_a_baseline_there_is_nothing_to_say() -> None:
    found = judged(RECALL, value=0.71)

    assert (found.verdict, found.because) == ("no_data", "Recall 0.71 · no baseline to compare with")


def test_an_error_is_an_error() -> None:
    found = judged(RECALL, error="prometheus did not answer within 10 s")

    assert (found.verdict, found.because) == ("error", "Recall: prometheus did not answer within 10 s")


def test_labels_that_cannot_have_arrived_are_no_data_until_they_can() -> None:
    found = judged(RECALL, value=0.84, baseline=0.84, exposed=2 * 3600.0)

    assert found.verdict == "no_data"
    assert found.because == "Recall: no data yet, labels take 6 h to arrive"
    assert found.again_in == 4 * 3600
    assert judged(RECALL, value=0.84, baseline=0.84, exposed=7 * 3600.0).verdict == "ok"


@pytest.mark.parametrize(
    ("conditions", "value", "verdict"),
    [
        ({"bad": "value < 0.8"}, 0.7, "bad"),
        ({"bad": "value < 0.8"}, 0.9, "ok"),
        ({"ok": "value > 0"}, 1.0, "ok"),
        ({"ok": "value > 0"}, 0.0, "bad"),
        ({"bad": "value < 0.5", "warn": "value < 0.8"}, 0.7, "warn"),
        ({"bad": "value < 0.5", "ok": "value > 0.8"}, 0.7, "inconclusive"),
        ({"bad": "value < baseline * 0.9", "better": "higher"}, 0.7, "bad"),
        ({"bad": "slope < -0.1 and labels.env == 'prod'"}, 0.7, "bad"),
        ({"bad": "series | max > 0.9"}, 0.7, "bad"),
    ],
)
def test_conditions_of_the_query_decide_before_anything_else(
    conditions: dict[str, Any], value: float, verdict: str
) -> None:
    falling = Slope(per_hour=-0.5, low=-0.7, high=-0.3, n=20, effective_n=9.0)
    reading = Reading(value=value, baseline=0.84, slope=falling, series=(0.95, value))

    assert judge(query(**conditions), reading, {"labels": {"env": "prod"}}).verdict == verdict


def test_a_condition_on_a_baseline_that_is_not_there_is_no_data() -> None:
    found = judged({"bad": "value < baseline"}, value=0.7)

    assert (found.verdict, found.because) == ("no_data", "Value 0.7 · no baseline to compare with")


def test_a_condition_that_cannot_be_worked_out_is_an_error_that_names_it() -> None:
    found = judged({"name": "load", "bad": "value / n > 1"}, value=3.0)

    assert (found.verdict, found.because) == ("error", "Load 3 · 'value / n > 1': 'n' has no value here")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (12345.6, "", "Value 12,346"),
        (3.2, "s", "Value 3.2 s"),
        (0.05, "/s", "Value 0.05/s"),
        (41.0, "%", "Value 41 %"),
    ],
)
def test_numbers_have_their_unit(value: float, unit: str, said: str) -> None:
    assert judged({"unit": unit, "bad": "value < 0"}, value=value).because == said


def test_ages_are_said_in_the_largest_unit() -> None:
    said = [judged({"bad": "false"}, value=1.0, age=age).because for age in (5.0, 90.0, 3600.0, 200_000.0)]

    assert said == ["Value 1 · 5 s old", "Value 1 · 2 min old", "Value 1 · 1 h old", "Value 1 · 2 d old"]


@given(
    st.builds(
        Reading,
        value=st.none() | st.floats(),
        n=st.none() | st.integers(0, 10**9),
        baseline=st.none() | st.floats(),
        age=st.none() | st.floats(0, 1e9),
    ),
    st.sampled_from(["higher", "lower"]),
    st.none() | st.floats(0, 10),
)
def test_every_reading_has_a_verdict_and_not_knowing_is_never_ok(
    reading: Reading, better: str, effect: float | None
) -> None:
    found = judged(
        {"better": better, "min_effect": effect}, **{f: getattr(reading, f) for f in reading.__struct_fields__}
    )

    assert found.because
    assert "significant" not in found.because
    if reading.value is None or reading.baseline is None:
        assert found.verdict == "no_data"


@given(st.floats(0, 1), st.integers(1, 10**7))
def test_the_interval_of_a_rate_holds_the_rate(value: float, n: int) -> None:
    low, high = rate_interval(value, n)

    assert 0 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 1
