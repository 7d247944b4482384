"""Caddy as a load balancer: the weights of a reverse proxy's upstreams, read and written through its admin API.

Caddy up to 2.6 has no weights of its own: an upstream that shall get three times the traffic stands in the list three
times. Newer ones have the policy ``weighted_round_robin``; whichever of the two a proxy uses is kept. Reading marks
the state of all servers (ETag), and the write is made only while that mark still fits (If-Match).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.actor import Reading, built_in, required
from bot.connectors.client import Answer, JsonClient
from bot.connectors.failures import NotConnected, SourceRefused

SERVERS = "config/apps/http/servers"
WEIGHTED = "weighted_round_robin"
#: Policies under which an upstream that stands in the list twice gets twice the traffic; Caddy's own is random.
_BY_LIST = ("", "random", "round_robin")
#: The longest list that weights are written out as.
MOST_UPSTREAMS = 200


class _Policy(msgspec.Struct):
    policy: str = ""
    weights: list[int] | None = None


class _Balancing(msgspec.Struct):
    selection_policy: _Policy | None = None


class _Upstream(msgspec.Struct):
    dial: str = ""


class _Known(msgspec.Struct):
    """What has to be known of a reverse proxy; the rest is kept as it is."""

    upstreams: list[_Upstream] | None = None
    load_balancing: _Balancing | None = None


class _Proxy:
    """One reverse proxy of the configuration and where it stands there. Raises ValidationError for another format."""

    def __init__(self, path: tuple[str, ...], handler: dict[str, Any]) -> None:
        self.path = "/".join((SERVERS, *(quote(part, safe="") for part in path)))
        self.server = path[0] if path else ""
        self.handler = handler
        known = msgspec.convert(handler, _Known)
        self._dials = [one.dial for one in known.upstreams or []]
        self._policy = (known.load_balancing or _Balancing()).selection_policy or _Policy()

    @property
    def weights(self) -> dict[str, int]:
        """Upstream -> its share of the list, or its weight."""
        own = self._policy.weights or [] if self._policy.policy == WEIGHTED else []
        found: dict[str, int] = {}
        for number, dial in enumerate(self._dials):
            found[dial] = found.get(dial, 0) + (own[number] if number < len(own) else 1)
        return found

    def weighed(self, weights: Mapping[str, int]) -> dict[str, Any]:
        """The handler with these upstreams and weights. Raises ValueError where its policy knows none."""
        policy = self._policy.policy
        known = dict(zip(self._dials, self.handler.get("upstreams") or [], strict=True))
        upstreams = [known.get(dial, {"dial": dial}) for dial in weights]
        if policy == WEIGHTED:
            balancing = {**self.handler["load_balancing"]}
            balancing["selection_policy"] = {**balancing["selection_policy"], "weights": list(weights.values())}
            return {**self.handler, "upstreams": upstreams, "load_balancing": balancing}
        if policy not in _BY_LIST:
            raise ValueError(f"its policy {policy} knows no weights; choose round_robin or {WEIGHTED}")
        shared = math.gcd(*weights.values())
        counts = [weight // shared for weight in weights.values()]
        if sum(counts) > MOST_UPSTREAMS:
            raise ValueError(f"the weights need a list of {sum(counts)} upstreams; use smaller numbers")
        return {
            **self.handler,
            "upstreams": [one for one, n in zip(upstreams, counts, strict=True) for _ in range(n)],
        }


class Caddy:
    """One admin API."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    def check(self, operation: str) -> object:
        """The operation; raises NotConnected if there is none of that name."""
        return built_in("caddy", self.client.name, operation)

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Reading:
        """``weights``: ``{weights: {"host:port": n}, state: the whole proxy}`` of the proxy that is meant.

        It is the one with that ``id`` (``@id`` in Caddy's configuration), else the only one of ``server``, else the
        only one there is.
        """
        if required("caddy", self.client.name, operation, arguments).writes:
            raise NotConnected(f"{self.client.name}.{operation} reads nothing; read with 'weights'")
        proxy, mark = await self._proxy(arguments)
        return Reading({"weights": proxy.weights, "state": proxy.handler}, proxy.path, mark)

    async def call(self, operation: str, arguments: Mapping[str, Any], *, since: Reading | None = None) -> None:
        """``set_weights``: exactly these upstreams get traffic afterwards, by these weights; 0 is none.

        Written only while nothing of Caddy's servers has changed since the reading.
        """
        if not required("caddy", self.client.name, operation, arguments).writes:
            raise NotConnected(f"{self.client.name}.{operation} only reads; an action calls set_weights")
        deadline = self.client.deadline()
        async with self.client.before_writing(deadline):
            proxy, mark = await self._proxy(arguments)
        own = since if since is not None and since.path.startswith(SERVERS) else None
        if own is not None and own.path != proxy.path:
            raise self.client.refused("its proxies were arranged anew meanwhile")
        state = arguments.get("state")
        handler = state if isinstance(state, dict) else self._weighed(proxy, arguments["weights"])
        unchanged = mark if own is None else own.mark or mark
        async with self.client.within(deadline):
            await self.client.send("PATCH", proxy.path, body=handler, if_match=unchanged)

    def undone(self, operation: str, arguments: Mapping[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
        """The same proxy with the whole of what was read. Raises SourceRefused if that was not kept."""
        self.check(operation)
        if "state" not in captured or "weights" not in captured:
            raise SourceRefused(f"{self.client.name}: the weights before are not known; put them back by hand")
        return {**arguments, "weights": captured["weights"], "state": captured["state"]}

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def _weighed(self, proxy: _Proxy, weights: Any) -> dict[str, Any]:
        try:
            return proxy.weighed(_positive(weights))
        except (ValueError, TypeError) as error:
            raise NotConnected(f"{self.client.name}: {error}") from None

    async def _proxy(self, arguments: Mapping[str, Any]) -> tuple[_Proxy, str]:
        answer = await self.client.get(SERVERS)
        servers = msgspec.json.decode(answer.body)
        if not isinstance(servers, dict):
            raise self.client.broken("no servers in its configuration")
        try:
            proxies = [_Proxy(path, handler) for path, handler in _proxies(servers, ())]
        except msgspec.ValidationError:
            raise self.client.broken("not the format of Caddy's reverse proxies") from None
        wanted = [one for one in proxies if arguments.get("id") in (None, one.handler.get("@id"))]
        found = [one for one in wanted if arguments.get("server") in (None, one.server)]
        if len(found) != 1:
            ids = [str(one.handler["@id"]) for one in found if "@id" in one.handler]
            what = f"has {len(found)} reverse proxies; say which with 'id'" if found else "has no such reverse proxy"
            raise NotConnected(f"{self.client.name} {what}{': ' + ', '.join(ids) if ids else ''}")
        return found[0], answer.etag or _mark(answer)


def _proxies(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every reverse proxy below a part of the configuration, however deep its route."""
    if isinstance(value, dict):
        if value.get("handler") == "reverse_proxy":
            yield path, value
            return
        inner: Sequence[tuple[Any, Any]] = list(value.items())
    else:
        inner = list(enumerate(value)) if isinstance(value, list) else []
    for key, one in inner:
        yield from _proxies(one, (*path, str(key)))


def _positive(weights: Any) -> dict[str, int]:
    """The upstreams that shall get traffic. Raises ValueError and TypeError with what is wrong."""
    if not isinstance(weights, Mapping):
        raise TypeError("weights are a mapping, as in {10.0.0.1:8000: 3}")
    found = {}
    for dial, weight in weights.items():
        text = str(weight)
        if isinstance(weight, bool) or not text.isdecimal() or int(text) > 10_000:
            raise ValueError(f"the weight of {dial} is a whole number from 0 to 10000, not {text[:40]!r}")
        if int(text):
            found[str(dial)] = int(text)
    if not found:
        raise ValueError("no upstream would be left; at least one weight is above 0")
    return found


def _mark(answer: Answer) -> str:
    """The mark that Caddy up to 2.6 sends after the body, where HTTP clients drop it: FNV-1a of the body."""
    value = 0x811C9DC5
    for byte in answer.body:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f'"/{SERVERS} {value:08x}"'
