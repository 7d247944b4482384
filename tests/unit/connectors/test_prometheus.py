from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.connectors import Prometheus, Series, SourceUnavailable
from tests.unit.connectors.sources import connected, setting

NOW = datetime(2026, 11, 21, 3, 6, tzinfo=UTC)


def prometheus(answer: Any, seen: list[httpx.URL] | None = None) -> Prometheus:
    def handler(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request.url)
        return httpx.Response(200, json=answer) if not isinstance(answer, httpx.Response) else answer

    return connected(handler, prometheus=setting("prometheus")).prometheus("prometheus")


def data(kind: str, result: Any) -> Any:
    return {"status": "success", "data": {"resultType": kind, "result": result}}


async def test_several_series_keep_their_labels() -> None:
    vector = [
        {"metric": {"__name__": "up", "job": "a"}, "value": [1.5, "0.25"]},
        {"metric": {"job": "b"}, "value": [1.5, "1e3"]},
    ]
    seen: list[httpx.URL] = []
    assert await prometheus(data("vector", vector), seen).instant('up{job="a"}', NOW) == (
        Series({"__name__": "up", "job": "a"}, ((1.5, 0.25),)),
        Series({"job": "b"}, ((1.5, 1000.0),)),
    )
    assert seen[0].path == "/base/api/v1/query"
    assert seen[0].params["query"] == 'up{job="a"}'
    assert float(seen[0].params["time"]) == NOW.timestamp()


async def test_a_range_becomes_points_in_order() -> None:
    matrix = [{"metric": {}, "values": [[1, "1"], [2, "NaN"], [3, "3"]]}]
    seen: list[httpx.URL] = []
    source = prometheus(data("matrix", matrix), seen)
    (series,) = await source.range("up", NOW - timedelta(hours=1), NOW, 15.0)
    assert series.points == ((1.0, 1.0), (2.0, None), (3.0, 3.0))
    assert series.values == (1.0, 3.0)
    assert seen[0].path == "/base/api/v1/query_range"
    assert seen[0].params["step"] == "15"


async def test_an_empty_answer_is_no_series_and_no_error() -> None:
    assert await prometheus(data("vector", [])).instant("up", NOW) == ()


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf"])
async def test_what_is_no_number_is_a_sample_without_a_value(text: str) -> None:
    (series,) = await prometheus(data("vector", [{"metric": {}, "value": [1, text]}])).instant("up", NOW)
    assert series.last is None
    assert series.values == ()


async def test_a_scalar_is_a_series_without_labels() -> None:
    assert await prometheus(data("scalar", [1, "2"])).instant("2", NOW) == (Series({}, ((1.0, 2.0),)),)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"status": "success"},
        {"status": "maybe"},
        {"status": "success", "data": {"resultType": "vector", "result": {}}},
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, 2]}]}},
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "abc"]}]}},
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"a": 1}, "value": [1, "1"]}]}},
        {"status": "success", "data": {"resultType": "string", "result": [1, "text"]}},
        {"status": "success", "data": {"resultType": "scalar", "result": None}},
    ],
)
async def test_nonsense_is_a_sentence(answer: Any) -> None:
    with pytest.raises(SourceUnavailable, match=r"^prometheus answered nonsense: "):
        await prometheus(answer).instant("up", NOW)


async def test_the_reason_of_prometheus_is_told() -> None:
    refused = httpx.Response(400, json={"status": "error", "errorType": "bad_data", "error": "unexpected )"})
    with pytest.raises(SourceUnavailable, match=r"^prometheus refused \(400\): unexpected \)$"):
        await prometheus(refused).instant("up)", NOW)
    with pytest.raises(SourceUnavailable, match=r"^prometheus refused: too many samples$"):
        await prometheus({"status": "error", "error": "too many samples"}).instant("up", NOW)
