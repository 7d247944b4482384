from __future__ import annotations

import json

import httpx
import pytest

from bot.config.settings import Operation
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


async def test_only_the_statuses_that_the_file_names_are_success() -> None:
    trigger = Operation(method="POST", path="runs", status=(202,))
    pipeline = setting("http", operations={"trigger": trigger})
    await connected(recording([], httpx.Response(202)), it=pipeline).http("it").call("trigger", {})
    with pytest.raises(SourceUnavailable, match="it answered 200 to trigger, where 202 is success") as caught:
        await connected(recording([], httpx.Response(200)), it=pipeline).http("it").call("trigger", {})
    assert not isinstance(caught.value, SourceRefused)


async def test_undoing_calls_again_with_what_was_read() -> None:
    flags = connected(recording([]), flags=FLAGS).actor("flags")
    back = flags.undone("set", ARGUMENTS, {"value": "41", "etag": "7"})
    assert back == {**ARGUMENTS, "value": "41"}
    with pytest.raises(SourceRefused, match="what was there before is not known; put it back by hand"):
        flags.undone("set", ARGUMENTS, {"other": 1})


VERSIONS = setting("http", operations={"versions": Operation(method="GET", path="{{ name }}", value="body.items")})


async def test_a_deployment_tool_lists_versions() -> None:
    rows = [
        {"version": 41, "created_at": "2026-11-01T00:00:00Z"},
        {"version": "42", "created_at": 1795219200, "tags": {"features": "v3"}, "aliases": ["live"], "status": "ok"},
    ]
    answers = [httpx.Response(200, json={"items": rows}), httpx.Response(200, json={"items": ["v2", "v1"]})]
    registry = connected(recording([], *answers), it=VERSIONS).registry("it")
    found = await registry.versions("fraud")
    assert [(one.version, one.tags, one.aliases, one.status) for one in found] == [
        ("42", {"features": "v3"}, ("live",), "ok"),
        ("41", {}, (), ""),
    ]
    assert [one.version for one in await registry.versions("fraud")] == ["v2", "v1"]


@pytest.mark.parametrize("items", [{}, 1, [{}], [None], [[]], [{"version": ""}], [{"version": "1", "aliases": 5}]])
async def test_what_lists_no_versions_is_nonsense(items: object) -> None:
    answer = httpx.Response(200, json={"items": items})
    with pytest.raises(SourceUnavailable, match="it answered nonsense: "):
        await connected(recording([], answer), it=VERSIONS).registry("it").versions("fraud")
