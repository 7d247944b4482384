"""The query API's parameters and shapes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.world.promql.answers import instant_query, number, range_query
from tests.unit.sandbox.world.test_promql import SOURCE


def instant(**parameters: str) -> tuple[int, dict[str, Any]]:
    return instant_query(parameters, SOURCE, now=300.0)


def over(**parameters: str) -> tuple[int, dict[str, Any]]:
    return range_query({"query": "total", "start": "0", "end": "120", "step": "60"} | parameters, SOURCE)


def test_a_range_query_answers_in_the_recorded_shape() -> None:
    # the same keys and types as a recorded answer of Prometheus 2.42
    assert over() == (
        200,
        {
            "status": "success",
            "data": {
                "resultType": "matrix",
                "result": [
                    {"metric": {"__name__": "total", "v": "41"}, "values": [[0, "10"], [60, "10"], [120, "10"]]}
                ],
            },
        },
    )


def test_an_instant_query_answers_now_or_at_a_time() -> None:
    status, body = instant(query="calls{v='41'}")
    assert status == 200
    assert body["data"]["result"][0]["value"] == [300, "50"]
    assert instant(query="calls{v='41'}", time="61.5")[1]["data"]["result"][0]["value"] == [61.5, "10"]
    by_stamp = instant(query="calls{v='41'}", time="1970-01-01T00:01:00Z")
    assert by_stamp[1]["data"]["result"][0]["value"] == [60, "10"]


def test_scalars_strings_and_samples_have_their_own_types() -> None:
    assert instant(query="1 / 4")[1]["data"] == {"resultType": "scalar", "result": [300, "0.25"]}
    assert instant(query="'text'")[1]["data"] == {"resultType": "string", "result": [300, "text"]}
    samples = instant(query="calls{v='41'}[90s]")[1]["data"]
    assert samples["resultType"] == "matrix"
    assert samples["result"][0]["values"] == [[240, "40"], [300, "50"]]
    assert over(query="1")[1]["data"]["result"] == [{"metric": {}, "values": [[0, "1"], [60, "1"], [120, "1"]]}]


def test_nothing_found_is_an_empty_success() -> None:
    assert instant(query="nothing") == (200, {"status": "success", "data": {"resultType": "vector", "result": []}})


def test_steps_without_a_value_are_left_out() -> None:
    values = over(query="gone", step="30")[1]["data"]["result"][0]["values"]
    assert [moment for moment, _ in values] == [0, 30, 60, 90]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"start": ""}, 'invalid parameter "start": cannot parse "" to a valid timestamp'),
        ({"end": "soon"}, 'invalid parameter "end"'),
        ({"end": "2026-11-21T03:05:00"}, 'invalid parameter "end"'),
        ({"start": "500"}, "end timestamp must not be before start time"),
        ({"step": "0"}, "zero or negative query resolution step"),
        ({"step": "often"}, 'invalid parameter "step"'),
        ({"end": "1000000", "step": "1"}, "exceeded maximum resolution of 11,000 points"),
        ({"query": "calls["}, 'invalid parameter "query"'),
        ({"query": "calls[5m]"}, "must be Scalar or instant Vector"),
    ],
)
def test_wrong_parameters_are_bad_data(parameters: dict[str, str], said: str) -> None:
    status, body = over(**parameters)
    assert (status, body["status"], body["errorType"]) == (400, "error", "bad_data")
    assert said in body["error"]


def test_a_step_may_be_a_duration() -> None:
    assert over(step="1m") == over()


def test_what_is_left_out_is_an_execution_error() -> None:
    status, body = instant(query="topk(1, calls)")
    assert (status, body["errorType"]) == (422, "execution")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.42, "0.42"), (1e-7, "0.0000001"), (1.5e21, "1500000000000000000000"), (float("nan"), "NaN"),
     (float("inf"), "+Inf"), (float("-inf"), "-Inf"), (-3.0, "-3")],
)  # fmt: skip
def test_numbers_are_written_without_exponents(value: float, text: str) -> None:
    assert number(value) == text
