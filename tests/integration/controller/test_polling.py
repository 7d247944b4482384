"""Aliases of a registry are asked for by one replica, and what moved is stored once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
import structlog

from bot.changes.aliases import Watched
from bot.clock import SteppedClock
from bot.config import Settings
from bot.connectors import Connectors
from bot.controller.polling import Polling
from bot.service.changing import Changing
from bot.store import Change, Store
from tests.unit.connectors.sources import setting

FRAUD = Watched(registry="mlflow", model="fraud", serves={"fraud-scorer": "champion"})


class Registry:
    """MLflow, as far as its aliases go: what it answered to ``registered-models/get``."""

    def __init__(self, **aliases: str) -> None:
        self.aliases = aliases
        self.asked = 0
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/api/2.0/mlflow/registered-models/get")
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        known = [{"alias": alias, "version": version} for alias, version in self.aliases.items()]
        return httpx.Response(200, json={"registered_model": {"name": "fraud", "aliases": known}})


def polling(store: Store, registry: Registry, *watched: Watched) -> Polling:
    connectors = Connectors({"mlflow": setting("mlflow")}, transport=httpx.MockTransport(registry))
    return Polling(store, connectors, watched or (FRAUD,), add=Changing(store, Settings()).add)


async def stored(store: Store, clock: SteppedClock) -> list[Change]:
    return await store.changes.of("fraud-scorer", since=clock.now() - timedelta(days=1))


async def test_the_first_look_stores_nothing_and_a_move_after_it_is_a_change(
    store: Store, clock: SteppedClock
) -> None:
    registry = Registry(champion="41", challenger="42")
    one = polling(store, registry)
    assert await one.round() == 0
    registry.aliases["champion"] = "42"
    clock.advance(60)
    assert await one.round() == 1
    clock.advance(60)
    assert await one.round() == 0
    (change,) = await stored(store, clock)
    assert (change.kind, change.version, change.previous, change.about) == ("alias", "42", "41", "champion")
    assert change.source == "mlflow"


async def test_of_two_replicas_one_asks_and_what_the_other_saw_is_known_to_both(
    store: Store, clock: SteppedClock
) -> None:
    registry = Registry(champion="41")
    one, other = polling(store, registry), polling(store, registry)
    await asyncio.gather(one.round(), other.round())
    assert registry.asked == 1
    registry.aliases["champion"] = "42"
    clock.advance(60)
    assert sorted(await asyncio.gather(other.round(), one.round())) == [0, 1]
    assert registry.asked == 2
    assert len(await stored(store, clock)) == 1


async def test_a_move_while_the_registry_or_we_were_away_says_since_when_it_may_have_been(
    store: Store, clock: SteppedClock
) -> None:
    registry = Registry(champion="41")
    one = polling(store, registry)
    await one.round()
    seen = clock.now()
    registry.away = True
    for _ in range(5):
        clock.advance(60)
        assert await one.round() == 0
    registry.away, registry.aliases["champion"] = False, "42"
    clock.advance(60)
    assert await one.round() == 1
    (change,) = await stored(store, clock)
    assert change.about == f"champion, some time since {seen:%Y-%m-%dT%H:%M:%SZ}"


async def test_one_model_that_cannot_be_read_keeps_no_other_from_being_read(
    store: Store, clock: SteppedClock
) -> None:
    registry = Registry(champion="41")
    nowhere = Watched(registry="gone", model="fraud", serves={"fraud-scorer": "champion"})
    one = polling(store, registry, nowhere, FRAUD)
    await one.round()
    registry.aliases["champion"] = "42"
    clock.advance(60)
    assert await one.round() == 1


async def test_why_a_model_cannot_be_read_is_said_once_until_it_can_be(store: Store, clock: SteppedClock) -> None:
    registry = Registry(champion="41")
    one = polling(store, registry)
    with structlog.testing.capture_logs() as said:
        for registry.away in (True, True, False, True):
            await one.round()
            clock.advance(60)
    assert [line["event"] for line in said] == ["aliases cannot be read"] * 2


async def test_a_clock_that_goes_back_does_not_end_the_asking(store: Store, clock: SteppedClock) -> None:
    registry = Registry(champion="41")
    one = polling(store, registry)
    await one.round()
    clock.advance(-3600)
    await one.round()
    assert registry.asked == 2


@pytest.mark.postgres
async def test_two_processes_on_one_database_ask_once(replicas: tuple[Store, Store], clock: SteppedClock) -> None:
    registry = Registry(champion="41")
    both = [polling(store, registry) for store in replicas]
    for version in ("41", "42", "43"):
        registry.aliases["champion"] = version
        await asyncio.gather(*(one.round() for one in both))
        clock.advance(60)
    assert registry.asked == 3
    assert [change.version for change in await stored(replicas[0], clock)] == ["43", "42"]
