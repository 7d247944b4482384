"""Jobs that wait behind one that got in somebody's way."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.store import Lane, Store
from bot.store.jobs import Queue, Waiting
from tests.integration.store.test_writer import change, changes, held_up
from tests.patience import PATIENCE


def test_a_turn_that_is_given_up_half_way_leaves_the_rest_in_the_lanes() -> None:
    queue = Queue()
    jobs = [Waiting(lambda _, __: None) for _ in range(3)]
    for waiting in jobs:
        queue.put(Lane.CLICK, waiting)
    turn = queue.turn(more_seconds=1.0, stopwatch=lambda: 0.0)
    assert [next(turn), next(turn)] == jobs[:2]
    del turn
    assert list(queue.turn(more_seconds=1.0, stopwatch=lambda: 0.0)) == jobs[2:]


@pytest.mark.parametrize("lane", [Lane.CLICK, Lane.CONTROLLER])
async def test_a_job_that_deadlocks_does_not_lose_those_that_wait_behind_it(store: Store, lane: Lane) -> None:
    times: list[int] = []

    def job(connection: Connection, now: datetime) -> int:
        store.changes.add(connection, change("fraud"), received_at=now)
        return 1

    def deadlocks(connection: Connection, now: datetime) -> int:
        times.append(1)
        if len(times) == 1:
            raise OperationalError("", None, in_each_others_way(store))
        return job(connection, now)

    with patch("bot.store.writer.MORE_SECONDS", 0.0), held_up(store):  # the three share a transaction of their own
        waiting = [asyncio.ensure_future(store.writer.submit(one, lane=lane)) for one in (job, deadlocks, job)]
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(*waiting) == [1, 1, 1]
    assert (await changes(store, "fraud"), len(times)) == (3, 2)


def in_each_others_way(store: Store) -> Exception:
    """What the driver says of a deadlock, or of a database that somebody else holds."""
    if store.kind == "postgresql":
        return psycopg.errors.DeadlockDetected("deadlock detected")
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error
