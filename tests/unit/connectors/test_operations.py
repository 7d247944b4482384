"""The table of built-in operations against the connectors that carry them out and the reference that lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.config.operations import OPERATIONS
from bot.connectors import Actor, NotConnected, Reading
from tests.unit.connectors.sources import connected, setting

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "connectors.md"
ALL = [(kind, name) for kind, operations in OPERATIONS.items() for name in operations]


def actor(kind: str) -> Actor:
    settings = setting(kind)  # type: ignore[arg-type]
    return connected(lambda _: httpx.Response(200), it=settings).actor("it")


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_operation_is_one_of_its_connector_and_stands_in_the_reference(kind: str, name: str) -> None:
    actor(kind).check(name)
    section = REFERENCE.read_text().partition(f"\n## `{kind}`\n")[2].partition("\n## ")[0]
    shown = [f"`{word}`" for word in (name, *OPERATIONS[kind][name].required) if f"`{word}`" not in section]
    assert shown == []


@pytest.mark.parametrize(("kind", "name"), [one for one in ALL if OPERATIONS[one[0]][one[1]].writes])
async def test_every_write_has_a_reading_that_takes_its_arguments(kind: str, name: str) -> None:
    found = OPERATIONS[kind][name]
    assert found.read is not None
    reading = OPERATIONS[kind][found.read]
    assert not reading.writes
    assert set(reading.required) <= set(found.required)
    with pytest.raises(NotConnected, match=r"reads nothing|only reads"):
        await actor(kind).read(name, dict.fromkeys(found.arguments, "x"))


@pytest.mark.parametrize("kind", OPERATIONS)
def test_no_connector_has_other_operations(kind: str) -> None:
    with pytest.raises(NotConnected, match="it has no operation 'launch'"):
        actor(kind).check("launch")


@pytest.mark.parametrize(
    ("kind", "operation", "arguments", "answer"),
    [
        ("mlflow", "set_alias", {"name": "fraud", "alias": "champion", "version": "1"}, {}),
        (
            "unleash",
            "set",
            {"flag": "f", "environment": "e", "enabled": True},
            {"name": "f", "environments": [{"name": "e", "enabled": False}]},
        ),
        (
            "caddy",
            "set_weights",
            {"weights": {"a:1": 1}},
            {"s": {"routes": [{"handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": "a:1"}]}]}]}},
        ),
    ],
)
@pytest.mark.parametrize("value", [None, [], "x", {"value": 1}])
async def test_a_reading_of_something_else_says_nothing_about_the_state(
    kind: str, operation: str, arguments: dict[str, Any], answer: object, value: object
) -> None:
    methods: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        return httpx.Response(200, json=answer)

    source = connected(handler, it=setting(kind)).actor("it")  # type: ignore[arg-type]
    await source.call(operation, arguments, since=Reading(value, "flags/f", '"7"'))
    assert methods[-1] in ("POST", "PATCH")
