"""Whatever stands in an answer, a connector understands it or says one sentence with its name; it never breaks.

A good answer of each kind is spoiled in up to three places: something else stands there, or nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as given_by
from hypothesis import strategies as st

from bot.config.settings import Connector, Operation
from bot.connectors import Connectors, SourceUnavailable
from tests.unit.connectors.sources import connected, setting

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
THEN = "2026-11-21T02:00:00Z"
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
JSON = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=3), LEAVES, max_size=2)

FLAG = {
    "name": "f",
    "environments": [
        {
            "name": "e",
            "enabled": False,
            "strategies": [
                {
                    "id": "1",
                    "name": "flexibleRollout",
                    "parameters": {"rollout": "30"},
                    "constraints": [{"contextName": "userId", "operator": "IN", "values": ["a"], "value": "b"}],
                    "segments": [1],
                    "variants": [{"name": "v41", "weight": 500}, {"name": "v42", "weight": 500}],
                }
            ],
        }
    ],
}
PROXY = {
    "handler": "reverse_proxy",
    "upstreams": [{"dial": "a:1"}, {"dial": "b:1"}],
    "load_balancing": {"selection_policy": {"policy": "weighted_round_robin", "weights": [3, 1]}},
}
SERVERS = {"model": {"routes": [{"handle": [PROXY]}]}}
SERIES = [{"target": "a", "datapoints": [[1.5, 10], [None, 20]], "tags": {"name": "a", "region": "eu"}}]
VERSION = {"version": "1", "creation_timestamp": 1795239490117, "tags": [{"key": "k", "value": "v"}], "run_id": "r"}
MODEL = {
    "registered_model": {"aliases": [{"alias": "a", "version": "1"}]},
    "model_versions": [VERSION],
    "model_version": VERSION,
}
#: Deployments, their statuses and tags at once: a mapping that can be read as any of the three.
DEPLOYED = [
    {
        "id": 1,
        "sha": "a" * 40,
        "ref": "v1",
        "created_at": THEN,
        "payload": {"version": "1"},
        "creator": {"login": "ada"},
        "state": "success",
        "name": "v1.2-rc1",
    }
]
COUNTED = {
    "n": 2,
    "labels_age_seconds": 1.5,
    "paired": {"both": 1, "only_a": 1, "only_b": 0, "neither": 0},
    "slices": {"region": {"eu": {"a": {"n": 1, "successes": 1}}}},
}
MEASURED = {
    "status": "success",
    "data": {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [1, "2"]}]},
}
LISTED = [{"version": "1", "aliases": ["live"], "tags": {"a": "b"}, "created_at": THEN}, "2"]

Asked = Callable[[Connectors], Awaitable[object]]
WHERE = {"flag": "f", "environment": "e"}
ASKED: dict[str, tuple[str, Any, Asked]] = {
    "a flag": ("unleash", FLAG, lambda it: it.actor("it").read("get", WHERE)),
    "a flag's variants": ("unleash", FLAG, lambda it: it.registry("it").versions("f")),
    "a percentage": ("unleash", FLAG, lambda it: it.actor("it").call("set", {**WHERE, "percentage": 5})),
    "a variant": ("unleash", FLAG, lambda it: it.actor("it").call("set", {**WHERE, "variant": "v41"})),
    "weights": ("caddy", SERVERS, lambda it: it.actor("it").read("weights", {})),
    "new weights": ("caddy", SERVERS, lambda it: it.actor("it").call("set_weights", {"weights": {"a:1": 2}})),
    "a course": ("graphite", SERIES, lambda it: it.series_source("it").range("a", AT, AT, 60)),
    "a value": ("graphite", SERIES, lambda it: it.series_source("it").instant("a", AT)),
    "versions": ("mlflow", MODEL, lambda it: it.registry("it").versions("m")),
    "an alias": ("mlflow", MODEL, lambda it: it.actor("it").read("alias", {"name": "m", "alias": "a"})),
    "registrations": ("mlflow", MODEL, lambda it: it.change_sources("s")[0].changes("s", since=AT)),
    "deployments": ("github", DEPLOYED, lambda it: it.change_sources("s")[0].changes("s", since=AT)),
    "tags": ("github", DEPLOYED, lambda it: it.registry("it").versions("o/r")),
    "counts": (
        "evaluator",
        COUNTED,
        lambda it: it.evaluator("it").compare(service="s", a="1", b="2", metric="m"),
    ),
    "a metric": ("prometheus", MEASURED, lambda it: it.series_source("it").instant("up", AT)),
    "a list": ("http", LISTED, lambda it: it.registry("it").versions("m")),
}


def set_up(kind: str) -> Connector:
    """A connector of that kind that knows the service ``s``."""
    operations = {"versions": Operation(method="GET", path="{{ name }}")} if kind == "http" else {}
    return setting(kind, services={"s": "o/r"}, operations=operations)  # type: ignore[arg-type]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in an answer."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """The answer with something else, or nothing, in some places."""
    answer = copy.deepcopy(good)
    for _ in range(draw(st.integers(0, 3))):
        path: tuple[Any, ...] = draw(st.sampled_from(list(places(answer))))
        if not path:
            return draw(JSON)
        holder, last = answer, path[-1]
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = draw(JSON)
        else:
            del holder[last]
    return answer


@pytest.mark.parametrize("what", ASKED)
@given(data=st.data())
@given_by(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_any_json_is_understood_or_told(what: str, data: st.DataObject) -> None:
    kind, good, asked = ASKED[what]
    body = json.dumps(data.draw(spoiled(good)))

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=body, headers={"content-type": "application/json"})

    try:
        await asked(connected(handler, it=set_up(kind)))
    except SourceUnavailable as error:
        assert str(error).startswith("it")


@pytest.mark.parametrize("what", ASKED)
async def test_the_good_answers_are_understood(what: str) -> None:
    kind, good, asked = ASKED[what]
    await asked(connected(lambda _: httpx.Response(200, json=good), it=set_up(kind)))
