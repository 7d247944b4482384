"""A load balancer, with what a real Caddy 2.6 answered, and the policy that newer ones have."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.connectors import Caddy, NotConnected, SourceRefused, SourceUnavailable
from tests.unit.connectors.recorded import Replay, calls
from tests.unit.connectors.sources import Handler, connected, setting

WEIGHTS = {"127.0.0.1:9001": 9, "127.0.0.1:9002": 3}


def balancer(handler: Handler) -> Caddy:
    found = connected(handler, balancer=setting("caddy", url="http://source.test")).actor("balancer")
    assert isinstance(found, Caddy)
    return found


def proxy(identity: str = "lb", **more: Any) -> dict[str, Any]:
    return {"@id": identity, "handler": "reverse_proxy", "upstreams": [{"dial": "a:1"}, {"dial": "b:1"}], **more}


def serving(*proxies: dict[str, Any], etag: str | None = '"/config/apps/http/servers 7"') -> Handler:
    servers = {"model": {"routes": [{"handle": [one]} for one in proxies]}}
    headers = {"etag": etag} if etag else {}
    return lambda request: httpx.Response(200, json=servers if request.method == "GET" else None, headers=headers)


async def test_weights_are_read_set_and_put_back_while_nobody_else_changes_anything() -> None:
    replay = Replay(calls("caddy"))
    source = balancer(replay)
    before = await source.read("weights", {})
    assert before.value["weights"] == {"127.0.0.1:9001": 1, "127.0.0.1:9002": 2}
    await source.call("set_weights", {"weights": WEIGHTS}, since=before)
    now = await source.read("weights", {"id": "lb"})
    assert now.value["weights"] == {"127.0.0.1:9001": 3, "127.0.0.1:9002": 1}
    assert now.value["state"]["upstreams"][-1] == {"dial": "127.0.0.1:9002", "max_requests": 10}
    with pytest.raises(SourceRefused, match="balancer was changed by somebody else meanwhile"):
        await source.call("set_weights", {"weights": WEIGHTS}, since=before)
    await source.call("set_weights", source.undone("set_weights", {"weights": WEIGHTS}, before.value), since=now)
    assert (await source.read("weights", {})).value == before.value
    patches = [one for one in replay.asked if one.method == "PATCH"]
    assert [one.headers["if-match"] for one in patches] == [before.mark, before.mark, now.mark]


async def test_a_mark_that_the_server_sends_itself_is_the_one_that_is_used() -> None:
    assert (await balancer(serving(proxy())).read("weights", {})).mark == '"/config/apps/http/servers 7"'


async def test_where_caddy_has_weights_of_its_own_these_are_set() -> None:
    seen: list[httpx.Request] = []
    policy = {"selection_policy": {"policy": "weighted_round_robin", "weights": [10, 1]}}

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return serving(proxy(load_balancing=policy))(request)

    source = balancer(handler)
    assert (await source.read("weights", {})).value["weights"] == {"a:1": 10, "b:1": 1}
    await source.call("set_weights", {"weights": {"a:1": 0, "b:1": "7", "c:1": 2}})
    body = json.loads(seen[-1].content)
    assert body["upstreams"] == [{"dial": "b:1"}, {"dial": "c:1"}]
    assert body["load_balancing"]["selection_policy"]["weights"] == [7, 2]
    assert seen[-1].url.path == "/config/apps/http/servers/model/routes/0/handle/0"


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, 2], "weights are a mapping"),
        ({"a:1": -1}, "the weight of a:1 is a whole number from 0 to 10000"),
        ({"a:1": True}, "is a whole number"),
        ({"a:1": 0.5}, "is a whole number"),
        ({"a:1": 0}, "no upstream would be left"),
        ({"a:1": 997, "b:1": 3}, "need a list of 1000 upstreams; use smaller numbers"),
    ],
)
async def test_weights_that_make_no_sense_change_nothing(weights: Any, said: str) -> None:
    methods: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        return serving(proxy())(request)

    with pytest.raises(NotConnected) as caught:
        await balancer(handler).call("set_weights", {"weights": weights})
    assert said in str(caught.value)
    assert methods == ["GET"]


async def test_a_policy_that_knows_no_weights_is_not_given_any() -> None:
    policy = {"selection_policy": {"policy": "least_conn"}}
    with pytest.raises(NotConnected, match="least_conn knows no weights; choose round_robin"):
        await balancer(serving(proxy(load_balancing=policy))).call("set_weights", {"weights": {"a:1": 1}})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "balancer has 2 reverse proxies; say which with 'id': one, two"),
        ({"id": "three"}, "balancer has no such reverse proxy"),
        ({"server": "other"}, "balancer has no such reverse proxy"),
    ],
)
async def test_which_proxy_is_meant_has_to_be_clear(arguments: dict[str, str], said: str) -> None:
    source = balancer(serving(proxy("one"), proxy("two")))
    with pytest.raises(NotConnected) as caught:
        await source.read("weights", arguments)
    assert str(caught.value) == said
    assert (await source.read("weights", {"id": "two"})).path.endswith("routes/1/handle/0")


async def test_proxies_that_moved_in_the_configuration_are_left_alone() -> None:
    since = await balancer(serving(proxy("one"), proxy("lb"))).read("weights", {"id": "lb"})
    with pytest.raises(SourceRefused, match="its proxies were arranged anew meanwhile"):
        await balancer(serving(proxy("lb"))).call("set_weights", {"id": "lb", "weights": {"a:1": 1}}, since=since)


@pytest.mark.parametrize("body", ["[]", "null", "1"])
async def test_a_configuration_without_servers_is_a_sentence(body: str) -> None:
    with pytest.raises(SourceUnavailable, match="balancer answered nonsense: no servers in its configuration"):
        await balancer(lambda _: httpx.Response(200, text=body)).read("weights", {})


async def test_what_caddy_cannot_load_may_not_have_been_left_as_it_was() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        failed = httpx.Response(500, json={"error": "loading new config"})
        return failed if request.method == "PATCH" else serving(proxy())(request)

    with pytest.raises(SourceUnavailable) as caught:
        await balancer(handler).call("set_weights", {"weights": {"a:1": 1}})
    assert not isinstance(caught.value, SourceRefused)


async def test_a_write_that_could_not_even_read_changed_nothing_for_sure() -> None:
    with pytest.raises(SourceRefused, match=r"balancer has a fault of its own \(500\)") as caught:
        await balancer(lambda _: httpx.Response(500)).call("set_weights", {"weights": {"a:1": 1}})
    assert caught.value.again
