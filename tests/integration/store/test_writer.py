"""The writer: one commit for what waits, each job's failure its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from bot.clock import SystemClock
from bot.errors import DatabaseAway, Refused
from bot.store import Change, Lane, Store
from bot.store.jobs import Queue, Waiting
from tests.conftest import START, Opener
from tests.integration.store.logs import open_incident
from tests.integration.store.services import service


@contextmanager
def held_up(store: Store) -> Iterator[None]:
    """The writer is busy during the block, so that what is submitted waits."""
    busy, go_on = threading.Event(), threading.Event()

    def job(_: Connection, __: datetime) -> None:
        busy.set()
        go_on.wait(10)

    store.writer._put(job, Lane.CLICK)
    busy.wait(10)
    yield
    go_on.set()


@contextmanager
def commits(store: Store) -> Iterator[list[int]]:
    """Counts the commits during the block."""
    seen: list[int] = []

    def note(_: Connection) -> None:
        seen.append(1)

    event.listen(store.writer._writing, "commit", note)
    yield seen
    event.remove(store.writer._writing, "commit", note)


def change(service: str) -> Change:
    return Change(service=service, at=START)


async def changes(store: Store, service: str) -> int:
    return len(await store.changes.of(service, since=START))


async def test_jobs_that_wait_share_one_commit(store: Store) -> None:
    def job(connection: Connection, now: datetime) -> None:
        store.changes.add(connection, change("fraud"), received_at=now)

    with commits(store) as seen:
        with held_up(store):
            waiting = [asyncio.ensure_future(store.writer.submit(job, lane=Lane.CLICK)) for _ in range(50)]
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
    assert await changes(store, "fraud") == 50
    assert len(seen) <= 2  # the one that kept it busy, and the fifty, which may have joined it


async def test_clicks_and_controller_come_before_intake(store: Store) -> None:
    order: list[str] = []

    def job(name: str) -> None:
        order.append(name)

    with held_up(store):
        waiting = [
            asyncio.ensure_future(store.writer.submit(lambda _, __, name=lane.name: job(name), lane=lane))  # type: ignore[misc]
            for lane in (Lane.INTAKE, Lane.CONTROLLER, Lane.CLICK, Lane.INTAKE, Lane.CLICK)
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == ["CLICK", "CLICK", "CONTROLLER", "INTAKE", "INTAKE"]


def test_at_most_so_much_intake_is_in_one_batch() -> None:
    seconds = iter(range(100))
    queue = Queue()
    for lane in (Lane.INTAKE,) * 5 + (Lane.CLICK,) * 2:
        queue.put(lane, Waiting(lambda _, __: None))
    turn = list(queue.turn(more_seconds=3.0, stopwatch=lambda: float(next(seconds))))
    assert len(turn) == 2 + 2  # both clicks, and intake for as long as the watch allows
    assert len(list(queue.turn(more_seconds=3.0, stopwatch=lambda: float(next(seconds))))) == 2


async def test_the_failure_of_a_job_is_its_own(store: Store) -> None:
    def good(connection: Connection, now: datetime) -> str:
        store.changes.add(connection, change("good"), received_at=now)
        return "done"

    def refused(connection: Connection, now: datetime) -> str:
        store.changes.add(connection, change("refused"), received_at=now)
        raise Refused("no", "No.")

    def wrong(connection: Connection, now: datetime) -> str:
        store.changes.add(connection, change("wrong"), received_at=now)
        connection.execute(text("SELECT * FROM no_such_table"))
        return "never"

    with held_up(store):
        waiting = [
            asyncio.ensure_future(store.writer.submit(job, lane=Lane.CLICK)) for job in (good, refused, wrong, good)
        ]
        await asyncio.sleep(0)
    first, second, third, fourth = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, fourth) == ("done", "done")
    assert isinstance(second, Refused)
    assert "no_such_table" in str(third)
    counts = [await changes(store, service) for service in ("good", "refused", "wrong")]
    assert counts == [2, 0, 0]


async def test_whoever_gets_an_answer_finds_it_on_the_disk(store: Store, database_url: str, opened: Opener) -> None:
    other = opened(database_url, read_only=True)
    number = await open_incident(store)
    seqs = await other.writer.read(lambda c: list(c.execute(text("SELECT seq FROM events")).scalars()))
    assert (number, seqs) == (1, [1])


async def test_a_job_that_nobody_waits_for_any_more_is_not_run(store: Store) -> None:
    def job(connection: Connection, now: datetime) -> None:
        store.changes.add(connection, change("fraud"), received_at=now)

    with held_up(store):
        waiting = asyncio.ensure_future(store.writer.submit(job, lane=Lane.CLICK))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await open_incident(store)
    assert await changes(store, "fraud") == 0


async def test_a_reading_connection_cannot_write(store: Store) -> None:
    def write(connection: Connection) -> None:
        connection.execute(text("DELETE FROM incidents"))

    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await store.writer.read(write)


async def test_a_log_is_written_only_by_a_job_of_the_writer(store: Store) -> None:
    number = await open_incident(store)
    with pytest.raises(RuntimeError, match="only a job of the writer"):
        await store.writer.read(lambda connection: store.log.append(connection, number, [], by="me", at=START))


async def test_after_the_close_the_answer_is_a_sentence(store: Store) -> None:
    store.close()
    with pytest.raises(DatabaseAway, match="closed"):
        await store.writer.submit(lambda _, __: None, lane=Lane.CLICK)


def test_without_an_event_loop_one_can_wait_too(store: Store) -> None:
    assert store.writer.submit_blocking(lambda _, now: now) == START
    assert store.writer.read_blocking(lambda connection: connection.execute(text("SELECT 1")).scalar()) == 1


@pytest.mark.postgres
async def test_at_and_wake_at_use_the_databases_clock_on_postgresql(postgres_url: str, opened: Opener) -> None:
    store = opened(postgres_url, by=SystemClock())
    asked = text("SELECT clock_timestamp()")

    def job(connection: Connection, now: datetime) -> tuple[datetime, datetime]:
        return now, connection.execute(asked).scalar_one()

    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    before = row[0]
    now, after = await store.writer.submit(job, lane=Lane.CLICK)
    assert before < now < after
    assert now.tzinfo is UTC


@pytest.mark.postgres
async def test_a_lost_connection_is_made_again_and_the_jobs_are_run_again(postgres_url: str, opened: Opener) -> None:
    store = opened(postgres_url)
    await open_incident(store)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'evenkeel'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    with held_up(store):
        waiting = [asyncio.ensure_future(open_incident(store)) for _ in range(3)]
        await asyncio.sleep(0)
    assert sorted(await asyncio.gather(*waiting)) == [2, 3, 4]


@pytest.mark.postgres
async def test_what_is_too_much_for_an_index_is_the_jobs_own_failure(postgres_url: str, opened: Opener) -> None:
    store = opened(postgres_url)
    with pytest.raises(OperationalError, match="index"):
        await service(store).take_change(change("".join(f"{n:x}" for n in range(40_000))))


@pytest.mark.postgres
async def test_jobs_in_each_others_way_are_run_again_one_by_one(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    first, second = await open_incident(one), await open_incident(one)
    met = threading.Barrier(2)
    tries: list[int] = []
    through = threading.Event()

    def crossing(store: Store, numbers: tuple[int, int], once: list[bool]) -> int:
        def job(connection: Connection, _: datetime) -> int:
            tries.append(1)
            if once:  # or it could be as quick as to stand in the other's way once more
                assert through.wait(10)
            store.log.head(connection, numbers[0])
            if not once:
                once.append(True)
                met.wait(10)
            return store.log.head(connection, numbers[1]).number

        number = store.writer.submit_blocking(job)
        through.set()
        return number

    results = await asyncio.gather(
        asyncio.to_thread(crossing, one, (first, second), []),
        asyncio.to_thread(crossing, other, (second, first), []),
    )
    assert list(results) == [second, first]
    assert len(tries) == 3  # one of them had to begin again


@pytest.mark.postgres
async def test_a_commit_of_unknown_outcome_is_not_done_twice(postgres_url: str, opened: Opener) -> None:
    store = opened(postgres_url)
    runs: list[int] = []

    def job(_: Connection, __: datetime) -> None:
        runs.append(1)

    def lost(connection: Connection) -> None:
        backend = cast("psycopg.Connection", connection.connection.dbapi_connection)
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (backend.info.backend_pid,))

    engine = store.writer._writing
    event.listen(engine, "commit", lost)
    with pytest.raises(DatabaseAway):
        await store.writer.submit(job, lane=Lane.CLICK)
    event.remove(engine, "commit", lost)
    assert runs == [1]
    assert await open_incident(store) == 1
