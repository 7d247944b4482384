"""The model registry, with what a real MLflow 3 answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.connectors import Mlflow, NotConnected, Reading, SourceRefused, SourceUnavailable
from bot.connectors.mlflow import ALIAS
from tests.unit.connectors.recorded import Replay, calls
from tests.unit.connectors.sources import Handler, connected, setting

FRAUD = {"name": "fraud", "alias": "champion"}
API = f"/{ALIAS}"


def registry(handler: Handler) -> Mlflow:
    connectors = connected(handler, registry=setting("mlflow", url="http://source.test", token=None))
    found = connectors.actor("registry")
    assert isinstance(found, Mlflow)
    return found


def recorded() -> Replay:
    return Replay([*calls("mlflow"), *_searches()])


def _searches() -> list[dict[str, Any]]:
    found = next(call for call in calls("mlflow") if "model-versions/search" in call["url"])
    return [{**found, "url": found["url"].replace("max_results=10", "max_results=100")}]


async def test_the_versions_of_a_model_come_with_their_aliases_the_newest_first() -> None:
    found = await registry(recorded()).versions("fraud")
    assert [(one.version, one.aliases, one.status) for one in found] == [
        ("2", (), "READY"),
        ("1", ("champion",), "READY"),
    ]
    assert found[1].created_at == datetime(2026, 11, 21, 5, 38, 10, 160000, UTC)


async def test_an_alias_is_read_moved_and_put_back() -> None:
    replay = recorded()
    source = registry(replay)
    before = await source.read("alias", {**FRAUD, "version": "1"})
    assert before.value == {**FRAUD, "version": "2"}
    wanted = {**FRAUD, "version": "1"}
    await source.call("set_alias", wanted)
    assert (await source.read("alias", wanted)).value == wanted
    back = source.undone("set_alias", wanted, before.value)
    assert back == {**FRAUD, "version": "2"}
    await source.call("set_alias", back)
    assert json.loads(replay.asked[-1].content) == back
    assert (replay.asked[-1].method, replay.asked[-1].url.path) == ("POST", API)


async def test_an_alias_that_did_not_exist_is_none_and_is_taken_away_again() -> None:
    replay = recorded()
    source = registry(replay)
    assert await source.alias("fraud", "nope") is None
    back = source.undone("set_alias", {**FRAUD, "version": "1"}, {**FRAUD, "version": None})
    await source.call("set_alias", back)
    assert (replay.asked[-1].method, replay.asked[-1].url.query) == ("DELETE", b"")
    assert json.loads(replay.asked[-1].content) == FRAUD


async def test_an_alias_that_somebody_moved_meanwhile_is_left_alone() -> None:
    replay = recorded()
    source = registry(replay)
    before = await source.read("alias", FRAUD)
    with pytest.raises(SourceRefused, match="somebody else moved the alias champion of fraud meanwhile"):
        await source.call(
            "set_alias", {**FRAUD, "version": "1"}, since=Reading({**FRAUD, "version": "7"}, ALIAS, None)
        )
    await source.call("set_alias", {**FRAUD, "version": "1"}, since=Reading({**FRAUD, "version": "1"}, ALIAS, None))
    assert before.value["version"] == "2"
    assert [request.method for request in replay.asked] == ["GET", "GET", "GET", "POST"]


async def test_what_mlflow_refuses_it_says_itself_and_asking_again_does_not_help() -> None:
    with pytest.raises(SourceRefused) as caught:
        await registry(recorded()).call("set_alias", {**FRAUD, "version": "99"})
    assert str(caught.value) == "registry refused (404): Model Version (name=fraud, version=99) not found"
    assert not caught.value.again


async def test_a_model_that_is_not_registered_is_refused_and_not_taken_for_a_missing_alias() -> None:
    with pytest.raises(SourceRefused, match="Registered Model with name=nomodel not found"):
        await registry(recorded()).alias("nomodel", "champion")


@pytest.mark.parametrize(
    ("operation", "arguments", "said"),
    [
        ("set_alais", FRAUD, "registry has no operation 'set_alais'; did you mean 'set_alias'?"),
        ("set_alias", FRAUD, "registry.set_alias needs version"),
        ("alias", FRAUD, "registry.alias only reads; an action calls set_alias"),
    ],
)
async def test_a_call_that_cannot_be_made_reaches_nobody(
    operation: str, arguments: dict[str, str], said: str
) -> None:
    replay = recorded()
    with pytest.raises(NotConnected) as caught:
        await registry(replay).call(operation, arguments)
    assert (str(caught.value), replay.asked) == (said, [])


@pytest.mark.parametrize("name", ["a' or name='b", 'a"b', "a`b"])
async def test_a_name_cannot_become_a_part_of_the_search(name: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert not request.url.path.endswith("/search")
        return httpx.Response(200, json={"registered_model": {}})

    with pytest.raises(NotConnected, match="is not the name of a model"):
        await registry(handler).versions(name)


@pytest.mark.parametrize("body", ["{}", "[]", '{"registered_model": 1}', "null"])
async def test_an_answer_in_another_format_is_a_sentence(body: str) -> None:
    source = registry(lambda _: httpx.Response(200, text=body))
    with pytest.raises(SourceUnavailable, match="registry answered nonsense: not the format of MLflow"):
        await source.versions("fraud")


async def test_a_long_list_of_versions_is_read_in_pages() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/get"):
            return httpx.Response(200, json={"registered_model": {"name": "fraud"}})
        page = request.url.params.get("page_token", "")
        following = {"": "second", "second": ""}[page]
        tags = [{"key": "features", "value": "v3"}]
        version = {"version": "1" if page else "2", "tags": tags}
        return httpx.Response(200, json={"model_versions": [version], "next_page_token": following})

    found = await registry(handler).versions("fraud")
    assert [(one.version, one.tags) for one in found] == [("2", {"features": "v3"}), ("1", {"features": "v3"})]


async def test_a_write_that_could_not_even_read_changed_nothing_for_sure() -> None:
    since = Reading({**FRAUD, "version": "2"}, ALIAS, None)
    broken = registry(lambda _: httpx.Response(500))
    with pytest.raises(SourceRefused, match=r"registry has a fault of its own \(500\)"):
        await broken.call("set_alias", {**FRAUD, "version": "1"}, since=since)
    with pytest.raises(SourceUnavailable) as caught:
        await broken.call("set_alias", {**FRAUD, "version": "1"})
    assert not isinstance(caught.value, SourceRefused)
