"""The Caddy connector and a real Caddy, whose traffic says whether the weights hold."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from bot.connectors import NotConnected, SourceRefused
from bot.connectors.actor import Actor
from tests.real.connecting import connected
from tests.real.exporter import Exporter, exporter
from tests.real.servers.balancer import Caddy

PROXY = "fraud"
WHERE = {"id": PROXY}


@pytest.fixture
def upstreams() -> Iterator[tuple[Exporter, Exporter]]:
    """Two copies of a service, which say who they are."""
    with exporter() as old, exporter() as new:
        old.text, new.text = "old", "new"
        yield old, new


@pytest.fixture
def serving(caddy: Caddy, upstreams: tuple[Exporter, Exporter]) -> Caddy:
    """One quarter of the traffic goes to the old copy, three quarters to the new one."""
    old, new = (one.url.removeprefix("http://") for one in upstreams)
    proxy = {
        "@id": PROXY, "handler": "reverse_proxy", "upstreams": [{"dial": old}, *[{"dial": new}] * 3],
        "load_balancing": {"selection_policy": {"policy": "round_robin"}},
    }  # fmt: skip
    listens = [caddy.front.removeprefix("http://")]
    server = {"listen": listens, "routes": [{"handle": [proxy]}], "automatic_https": {"disable": True}}
    caddy.load({"apps": {"http": {"servers": {"front": server}}}})
    return caddy


@pytest.fixture
async def connector(serving: Caddy) -> AsyncIterator[Actor]:
    """Connected to the admin API."""
    async with connected("caddy", serving.url) as connectors:
        yield connectors.actor("caddy")


async def test_weights_are_read_set_and_put_back(
    connector: Actor, serving: Caddy, upstreams: tuple[Exporter, Exporter]
) -> None:
    old, new = (one.url.removeprefix("http://") for one in upstreams)
    shown = serving.config(f"id/{PROXY}")
    before = await connector.read("weights", WHERE)
    assert before.value["weights"] == {old: 1, new: 3}
    assert _traffic(serving) == {"old": 10, "new": 30}

    wanted: dict[str, Any] = {**WHERE, "weights": {old: 1, new: 0}}
    await connector.call("set_weights", wanted, since=before)
    assert _traffic(serving) == {"old": 40}

    await connector.call("set_weights", connector.undone("set_weights", wanted, before.value))
    assert serving.config(f"id/{PROXY}") == shown
    assert _traffic(serving) == {"old": 10, "new": 30}


async def test_a_change_by_somebody_else_meanwhile_is_a_conflict(
    connector: Actor, serving: Caddy, upstreams: tuple[Exporter, Exporter]
) -> None:
    old, new = (one.url.removeprefix("http://") for one in upstreams)
    before = await connector.read("weights", WHERE)
    serving.change(f"id/{PROXY}/upstreams", [{"dial": old}, {"dial": new}])
    with pytest.raises(SourceRefused, match="was changed by somebody else meanwhile \\(412\\)"):
        await connector.call("set_weights", {**WHERE, "weights": {old: 1}}, since=before)
    assert [one["dial"] for one in serving.config(f"id/{PROXY}/upstreams")] == [old, new]


async def test_a_proxy_that_is_not_there_is_named(connector: Actor) -> None:
    with pytest.raises(NotConnected, match="has no such reverse proxy"):
        await connector.read("weights", {"id": "nobody"})


def _traffic(caddy: Caddy) -> dict[str, int]:
    """Who answered how many of 40 requests."""
    with contextlib.closing(httpx.Client(trust_env=False, timeout=5)) as client:
        return dict(Counter(client.get(caddy.front).text for _ in range(40)))
