"""PromQL computed as Prometheus computes it, on series small enough to be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from bot.sandbox.world.promql.evaluation import evaluate, parse
from bot.sandbox.world.promql.vectors import QueryError, Scalar, TimeSeries

NAN = float("nan")


class Few:
    """A source of a few series: a sample a minute from 0 on."""

    def __init__(self, series: dict[tuple[str, ...], list[float]]) -> None:
        self._series = [
            TimeSeries(
                {"__name__": name} | dict(label.split("=") for label in labels),
                60.0 * np.arange(len(values)),
                np.array(values),
            )
            for (name, *labels), values in series.items()
        ]

    def names(self) -> Iterable[str]:
        return sorted({series.labels["__name__"] for series in self._series})

    def series(self, name: str) -> Iterable[TimeSeries]:
        return [series for series in self._series if series.labels["__name__"] == name]


SOURCE = Few(
    {
        ("calls", "v=41", "env=prod"): [0, 10, 20, 30, 40, 50],
        ("calls", "v=42", "env=prod"): [0, 30, 60, 90, 120, 150],
        ("calls", "v=42", "env=test"): [5, 5, 5, 5, 5, 5],
        ("reset",): [0, 50, 100, 20, 40, 60],
        ("gone",): [1, 2, NAN, NAN],
        ("quality", "v=41"): [0.8, 0.9, 0.7, 0.6, 1.0, 0.8],
        ("total", "v=41"): [10, 10, 10, 10, 10, 10],
    }
)


def at(promql: str, moment: float) -> dict[str, float]:
    """Labels written out -> value, at one moment."""
    value = evaluate(parse(promql), SOURCE, np.array([moment]))
    if isinstance(value, Scalar):
        return {"": float(value.values[0])}
    return {
        ",".join(f"{k}={v}" for k, v in sorted(row.labels.items())): float(row.values[0])
        for row in value.rows
        if row.present[0]
    }


def test_matchers_choose_series() -> None:
    assert set(at('calls{v="42"}', 60)) == {"__name__=calls,env=prod,v=42", "__name__=calls,env=test,v=42"}
    assert len(at('calls{v!="42"}', 60)) == 1
    assert len(at('calls{v=~"4.", env!~"te.*"}', 60)) == 2
    assert at('calls{v=~"4"}', 60) == {}
    assert len(at('calls{missing=""}', 60)) == 3
    assert len(at('{__name__=~"c.*|t.*"}', 60)) == 4


def test_an_instant_vector_is_the_last_sample_of_the_five_minutes_before() -> None:
    assert at('calls{v="41"}', 119) == {"__name__=calls,env=prod,v=41": 10}
    assert at('calls{v="41"}', 300 + 299) == {"__name__=calls,env=prod,v=41": 50}
    assert at('calls{v="41"}', 300 + 300) == {}
    assert at('calls{v="41"}', -1) == {}


def test_a_series_that_ended_is_gone_at_once() -> None:
    assert at("gone", 119) == {"__name__=gone": 2}
    assert at("gone", 120) == {}


def test_offset_looks_back() -> None:
    assert at('calls{v="41"} offset 2m', 300) == at('calls{v="41"}', 180)


def test_rate_and_increase_over_a_steady_counter() -> None:
    assert at('rate(calls{v="41"}[5m])', 300) == pytest.approx({"env=prod,v=41": 10 / 60})
    assert at('increase(calls{v="42",env="prod"}[2m])', 300) == pytest.approx({"env=prod,v=42": 60})


def test_rate_is_stretched_to_the_window_but_not_far_beyond_the_samples() -> None:
    # samples at 180, 240 and 300 in (165, 315]: 20 more in 120 s, stretched by 15 s on both sides
    assert at('increase(calls{v="41"}[150s])', 315) == pytest.approx({"env=prod,v=41": 20 * 150 / 120})
    # samples from 0 on in a window that began 300 s before: not stretched below a count of zero
    assert at('increase(calls{v="41"}[10m])', 300) == pytest.approx({"env=prod,v=41": 50})
    # the window goes on for 120 s after the last sample: stretched by half a sampling interval only
    assert at('increase(calls{v="42",env="prod"}[4m])', 420) == pytest.approx({"env=prod,v=42": 60 * 150 / 120})


def test_a_reset_of_a_counter_is_healed() -> None:
    # up to 100, then from 0 to 60: 160 in 300 s
    assert at("increase(reset[5m])", 300) == pytest.approx({"": 160})


def test_one_sample_has_no_rate() -> None:
    assert at('rate(calls{v="41"}[30s])', 300) == {}


def test_functions_over_time() -> None:
    assert at("max_over_time(quality[2m])", 240) == {"v=41": 1.0}
    assert at("min_over_time(quality[2m])", 240) == {"v=41": 0.6}
    assert at("max_over_time(quality[10m])", 120) == {"v=41": 0.9}
    assert at("avg_over_time(quality[2m])", 240) == pytest.approx({"v=41": 2.3 / 3})
    assert at("sum_over_time(quality[2m])", 240) == pytest.approx({"v=41": 2.3})
    assert at("count_over_time(quality[2m])", 240) == {"v=41": 3}
    assert at("last_over_time(gone[5m])", 180) == {"": 2}
    assert at("max_over_time(quality[1m])", 900) == {}


def test_aggregations_group_by_labels_or_without_them() -> None:
    assert at("sum by (v) (calls)", 300) == {"v=41": 50, "v=42": 155}
    assert at("sum without (env) (calls)", 300) == {"v=41": 50, "v=42": 155}
    assert at("sum(calls)", 300) == {"": 205}
    assert at("avg by (env) (calls)", 300) == {"env=prod": 100, "env=test": 5}
    assert at("max(calls)", 300) == {"": 150}
    assert at("min by (v) (calls)", 300) == {"v=41": 50, "v=42": 5}
    assert at("count(calls)", 300) == {"": 3}
    assert at("sum(nothing)", 300) == {}


def test_arithmetic_with_numbers_and_between_vectors() -> None:
    assert at("1 + 2 * 3 ^ 2 - 4 / 8 % 3", 0) == pytest.approx({"": 18.5})
    assert at("-(quality - 1)", 0) == pytest.approx({"v=41": 0.2})
    assert at("100 * quality", 0) == {"v=41": 80}
    assert at("quality / total", 0) == pytest.approx({"v=41": 0.08})
    assert at("sum by (v) (calls) / on (v) total", 300) == {"v=41": 5}
    assert at('total / ignoring (env) calls{env="prod"}', 60) == {"v=41": 1}


def test_comparisons_filter_and_with_bool_answer_one_or_zero() -> None:
    assert at("calls > 40", 300) == {"__name__=calls,env=prod,v=41": 50, "__name__=calls,env=prod,v=42": 150}
    assert at("40 < calls", 300) == at("calls > 40", 300)
    assert at("quality == bool 0.8", 0) == {"v=41": 1}
    assert at("quality != bool 0.8", 0) == {"v=41": 0}
    assert at("quality < 0.5", 0) == {}
    assert at("2 >= bool 3", 0) == {"": 0}


def test_division_by_zero_is_infinite_or_not_a_number() -> None:
    assert at("quality / 0", 0) == {"v=41": float("inf")}
    assert np.isnan(at("0 / 0", 0)[""])


def test_sets_of_series() -> None:
    assert at("sum(nothing) or vector(0)", 0) == {"": 0}
    assert at("calls and on (v) quality", 60) == {"__name__=calls,env=prod,v=41": 10}
    assert len(at("calls unless on (v) quality", 60)) == 2
    assert len(at("calls or quality", 60)) == 4


def test_time_scalar_and_elementwise_functions() -> None:
    assert at("time()", 42) == {"": 42}
    assert at("scalar(total) + 1", 0) == {"": 11}
    assert np.isnan(at("scalar(calls)", 0)[""])
    assert at("abs(quality - 1)", 0) == pytest.approx({"v=41": 0.2})


def test_all_steps_of_a_range_are_what_each_would_be_alone() -> None:
    moments = np.arange(0.0, 900.0, 17.0)
    for promql in (
        "rate(reset[3m])",
        "max_over_time(quality[2m])",
        "sum by (v) (calls) > 60",
        "gone",
        "calls unless on (v) quality",
    ):
        together = evaluate(parse(promql), SOURCE, moments)
        assert not isinstance(together, Scalar)
        for index, moment in enumerate(moments):
            row_by_row = {
                ",".join(f"{k}={v}" for k, v in sorted(row.labels.items())): float(row.values[index])
                for row in together.rows
                if row.present[index]
            }
            assert row_by_row == pytest.approx(at(promql, moment)), (promql, moment)


@pytest.mark.parametrize(
    ("promql", "kind", "said"),
    [
        ("calls{", "bad_data", "parse error"),
        ("", "bad_data", "no expression"),
        ("rate(calls)", "bad_data", "expected type matrix"),
        ('calls{v=~"("}', "bad_data", "regular expression|parse error"),
        ("histogram_quantile(0.9, calls)", "execution", "histogram_quantile"),
        ("topk(1, calls)", "execution", "topk"),
        ("max_over_time(calls[5m:1m])", "execution", "subqueries"),
        ("calls atan2 quality", "execution", "atan2"),
        ("calls / on (v) group_left () quality", "execution", "group_left"),
        ("calls / ignoring (env) calls", "execution", "many-to-many"),
        ('abs({__name__=~"quality|total"})', "execution", "same labelset"),
        ("calls @ 5", "execution", "'@'"),
        ("calls[5m]", "execution", "MatrixSelector"),
    ],
)
def test_what_is_wrong_or_left_out_is_said(promql: str, kind: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        at(promql, 60)
    assert caught.value.kind == kind
