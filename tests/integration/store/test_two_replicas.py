"""Two processes on one PostgreSQL: they share the work and do not get into each other's way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest

from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.store import Store
from tests.conftest import Opener
from tests.integration.store.logs import append, entries, open_incident

pytestmark = pytest.mark.postgres
LONG = 30.0


async def test_what_two_replicas_claim_is_disjoint(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    numbers = [await open_incident(one) for _ in range(40)]
    claims = [store.leases.claim(name, limit=3) for _ in range(10) for store, name in ((one, "a"), (other, "b"))]
    claimed = [held.number for some in await asyncio.gather(*claims) for held in some]
    assert sorted(claimed) == numbers


async def test_a_dead_replicas_lease_is_taken_over_with_a_higher_number(
    replicas: tuple[Store, Store], clock: SteppedClock
) -> None:
    one, other = replicas
    number = await open_incident(one, owner="a")
    assert await other.leases.claim("b", limit=5) == []
    clock.advance(30.5)
    assert [(held.number, held.lease_no) for held in await other.leases.claim("b", limit=5)] == [(number, 2)]


async def test_notify_wakes_the_other_replica_with_the_commit(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    await other.wakeups.wait(LONG)  # it listens from here on
    number = await open_incident(one)
    assert await other.wakeups.wait(LONG) == {number}
    await append(other, number, ev.Acknowledged())
    assert await other.wakeups.wait(LONG) == {number}


async def test_a_listener_that_lost_its_connection_makes_it_again_and_everybody_looks(
    postgres_url: str, replicas: tuple[Store, Store]
) -> None:
    one, other = replicas
    await other.wakeups.wait(LONG)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            " AND datname = current_database()"
        )
    assert await other.wakeups.wait(LONG) == frozenset()
    number = await open_incident(one)
    assert await other.wakeups.wait(LONG) == {number}


async def test_entries_of_both_stand_in_one_order(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    number = await open_incident(one)
    notes = [append(store, number, ev.NoteAdded(text="x"), by=name) for _ in range(25)
             for store, name in ((one, "a"), (other, "b"))]  # fmt: skip
    await asyncio.gather(*notes)
    log = await entries(one, number)
    assert [entry.seq for entry in log] == list(range(1, 52))
    assert sorted(entry.by for entry in log[1:]) == ["a"] * 25 + ["b"] * 25


async def test_replicas_that_start_together_migrate_once(
    postgres_server: str, postgres_url: str, opened: Opener, clock: SteppedClock
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    stores = await asyncio.gather(*(asyncio.to_thread(opened, postgres_url) for _ in range(4)))
    assert await open_incident(stores[0]) == 1
    assert timedelta(0) < stores[0].leases.length
