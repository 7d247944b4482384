"""Standings in the database, and the limits that replicas share."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.slack.plan import Standing
from bot.slack.stored import StoredStandings
from bot.store import Store
from bot.store.placements import Placed
from tests.conftest import START
from tests.integration.store.logs import open_incident

CHANNEL = Placed(key="channel", kind="channel", state="intended", intent_at=START, name="inc-1")
FIRST = Placed(key="first", kind="message", state="intended", intent_at=START)


async def test_what_was_stored_is_there_and_a_newer_row_takes_its_place(store: Store) -> None:
    number = await open_incident(store, owner="me")
    await store.placements.store(number, 1, [CHANNEL, FIRST])
    assert await store.placements.all(number) == {"channel": CHANNEL, "first": FIRST}
    placed = replace(FIRST, state="placed", channel="C1", ts="171.2", digest="abc", extra="x")
    await store.placements.store(number, 1, [placed])
    refused = replace(placed, state="refused", error="invalid_blocks")
    await store.placements.store(number, 1, [refused])
    assert await store.placements.all(number) == {"channel": CHANNEL, "first": refused}
    await store.placements.forget(number, 1, ["channel", "nothing"])
    assert await store.placements.all(number) == {"first": refused}


async def test_the_incidents_do_not_see_each_others_surfaces(store: Store) -> None:
    one, other = await open_incident(store, owner="me"), await open_incident(store, owner="me")
    await store.placements.store(one, 1, [CHANNEL])
    assert await store.placements.all(other) == {}


async def test_a_methods_limit_is_a_row_that_the_newest_word_replaces(store: Store) -> None:
    assert await store.placements.limits() == {}
    for seconds in (30, 60):
        await store.placements.limit("chat.update", START + timedelta(seconds=seconds))
    await store.placements.limit("chat.postMessage", START)
    assert await store.placements.limits() == {
        "chat.update": START + timedelta(seconds=60),
        "chat.postMessage": START,
    }


async def test_a_call_that_was_asked_is_stored_as_intended(store: Store) -> None:
    number = await open_incident(store, owner="me")
    standings = StoredStandings(store.placements)
    asked = Standing(key="first", kind="message", state="asked", intent_at=START, settled_from=START, paced_to=START)
    placed = Standing(key="pin", kind="pin", state="placed", ts="1.2", digest="d")
    await standings.store(number, 1, [asked, placed])
    assert await standings.standings(number) == {
        "first": replace(asked, state="intended", paced_to=None),
        "pin": placed,
    }
    await standings.forget(number, 1, ["first", "pin"])
    assert await standings.standings(number) == {}
