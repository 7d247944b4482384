"""Series from Graphite, with what a real graphite-web 1.1 answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.connectors import NotConnected, SeriesSource, SourceRefused, SourceUnavailable
from tests.unit.connectors.recorded import Replay, calls
from tests.unit.connectors.sources import Handler, connected, setting


def graphite(handler: Handler) -> SeriesSource:
    settings = setting("graphite", url="http://source.test")
    return connected(handler, graphite=settings).series_source("graphite")


def recorded_at() -> datetime:
    asked = parse_qs(urlsplit(calls("graphite")[0]["url"]).query)
    return datetime.fromtimestamp(float(asked["until"][0]), UTC)


async def test_an_instant_is_the_newest_value_that_is_there() -> None:
    (found,) = await graphite(Replay(calls("graphite"))).instant("fraud.recall", recorded_at())
    assert (found.labels, [value for _, value in found.points]) == ({"target": "fraud.recall"}, [0.7])


async def test_points_without_a_value_are_dropped_and_counted() -> None:
    at = recorded_at()
    found = await graphite(Replay(calls("graphite"))).range("fraud.*", at - timedelta(seconds=12), at, 1)
    assert [(one.labels["target"], one.values, one.missing) for one in found] == [
        ("fraud.errors", (3.0,), 11),
        ("fraud.recall", (0.91, 0.9, 0.7), 9),
    ]


async def test_a_longer_step_is_left_to_graphite_to_consolidate() -> None:
    at = recorded_at()
    replay = Replay(calls("graphite"))
    (found,) = await graphite(replay).range("fraud.recall", at - timedelta(seconds=12), at, 4)
    assert found.values == (0.905, 0.7)
    assert replay.asked[0].url.params["maxDataPoints"] == "3"


async def test_nothing_is_an_empty_answer_and_a_wrong_target_is_refused() -> None:
    replay = Replay(calls("graphite"))
    assert await graphite(replay).instant("nothing.here", recorded_at()) == ()
    with pytest.raises(SourceRefused, match=r"graphite refused \(400\)"):
        await graphite(replay).instant("noSuch(fraud.*)", recorded_at())


async def test_a_series_without_any_value_has_no_instant() -> None:
    answer = [{"target": "a", "datapoints": [[None, 1], [None, 2]], "tags": {"name": "a", "region": "eu"}}]
    source = graphite(lambda _: httpx.Response(200, json=answer))
    assert await source.instant("a", recorded_at()) == ()
    (found,) = await source.range("a", recorded_at(), recorded_at(), 60)
    assert (found.labels, found.points, found.missing) == ({"target": "a", "region": "eu"}, (), 2)


@pytest.mark.parametrize(
    "body", ["{}", '[{"target": "a"}]', '[{"target": "a", "datapoints": [["x", 1]]}]', "[NaN]", '[{"target": 1}]']
)
async def test_an_answer_in_another_format_is_a_sentence(body: str) -> None:
    source = graphite(lambda _: httpx.Response(200, text=body, headers={"content-type": "application/json"}))
    with pytest.raises(SourceUnavailable, match="graphite answered nonsense"):
        await source.instant("a", recorded_at())


async def test_a_target_stays_one_value_of_the_address() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[])

    await graphite(handler).instant("a&until=0#x", recorded_at())
    assert seen[0].url.params.get_list("target") == ["a&until=0#x"]
    assert len(seen[0].url.params.get_list("until")) == 1


async def test_only_what_answers_series_is_a_source_of_series() -> None:
    connectors = connected(lambda _: httpx.Response(200), flags=setting("unleash"))
    with pytest.raises(NotConnected, match="flags answers no series"):
        connectors.series_source("flags")
