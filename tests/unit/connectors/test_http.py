from __future__ import annotations

import json

import httpx
import pytest

from bot.connectors import NotConnected, SourceRefused, SourceUnavailable
from tests.unit.connectors.sources import FLAGS, Handler, connected, setting

ARGUMENTS = {"flag": "fraud/model", "value": 'a"}, {"x": "', "environment": "production"}


def recording(seen: list[httpx.Request], *answers: httpx.Response) -> Handler:
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return left.pop(0) if left else httpx.Response(200, json={})

    return handler


async def test_an_argument_stays_a_value_in_the_path_the_query_and_the_body() -> None:
    seen: list[httpx.Request] = []
    flags = connected(recording(seen), flags=FLAGS).http("flags")
    await flags.read("get", ARGUMENTS)
    await flags.call("strict", ARGUMENTS)
    assert str(seen[0].url) == "http://source.test/base/flags/fraud%2Fmodel?environment=production"
    assert json.loads(seen[1].content) == {"to": ARGUMENTS["value"], "in": ["production"]}


async def test_a_writing_operation_without_a_body_sends_its_arguments() -> None:
    seen: list[httpx.Request] = []
    await connected(recording(seen), flags=FLAGS).http("flags").call("set", ARGUMENTS)
    assert (seen[0].method, json.loads(seen[0].content)) == ("PUT", ARGUMENTS)


async def test_a_reading_is_the_part_that_value_names() -> None:
    answer = httpx.Response(200, json={"state": {"value": "42"}})
    reading = await connected(recording([], answer), flags=FLAGS).http("flags").read("part", ARGUMENTS)
    assert reading.value == "42"


async def test_a_reading_without_that_part_is_nonsense() -> None:
    flags = connected(recording([]), flags=FLAGS).http("flags")
    with pytest.raises(SourceUnavailable, match=r"^flags answered nonsense: "):
        await flags.read("part", ARGUMENTS)


async def test_a_write_names_the_state_that_was_read_where_the_service_marks_its_states() -> None:
    seen: list[httpx.Request] = []
    answers = (httpx.Response(200, json={}, headers={"etag": '"7"'}), httpx.Response(412))
    flags = connected(recording(seen, *answers), flags=FLAGS).http("flags")
    reading = await flags.read("get", ARGUMENTS)
    with pytest.raises(SourceRefused, match="changed by somebody else"):
        await flags.call("set", ARGUMENTS, since=reading)
    assert seen[1].headers["if-match"] == '"7"'


async def test_a_mark_of_another_address_or_a_weak_one_is_not_sent() -> None:
    seen: list[httpx.Request] = []
    answers = [httpx.Response(200, json={}, headers={"etag": tag}) for tag in ('"7"', 'W/"8"')]
    handler = recording(seen, answers[0], httpx.Response(200, json={}), answers[1])
    flags = connected(handler, flags=FLAGS).http("flags")
    await flags.call("strict", ARGUMENTS, since=await flags.read("get", ARGUMENTS))
    await flags.call("set", ARGUMENTS, since=await flags.read("get", ARGUMENTS))
    assert [request.headers.get("if-match") for request in seen] == [None, None, None, None]


async def test_an_unknown_operation_or_a_missing_argument_calls_nobody() -> None:
    seen: list[httpx.Request] = []
    flags = connected(recording(seen), flags=FLAGS).http("flags")
    with pytest.raises(NotConnected, match="flags has no operation 'remove'"):
        await flags.call("remove", ARGUMENTS)
    with pytest.raises(NotConnected, match="cannot be written out"):
        await flags.call("set", {})
    assert seen == []


async def test_a_connector_is_found_by_name_and_kind() -> None:
    connectors = connected(recording([]), flags=FLAGS, metrics=setting("prometheus"))
    with pytest.raises(NotConnected, match="mlflow is not connected"):
        connectors.prometheus("mlflow")
    with pytest.raises(NotConnected, match="flags is not of the kind prometheus"):
        connectors.prometheus("flags")
    await connectors.close()


async def test_every_kind_of_the_configuration_has_a_connector() -> None:
    from bot.config.settings import CONNECTOR_KINDS
    from bot.connectors import CONNECTORS

    assert set(CONNECTORS) == set(CONNECTOR_KINDS)
