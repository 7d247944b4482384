"""kill -9 ten times while alerts pour in: every one that was answered 202 is there afterwards, and none is twice."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.store import Store, open_store
from bot.store.alerts import Received
from tests.conftest import TEMPLATE, named
from tests.crash.nursery import nursery
from tests.crash.process import Start, environment_of, lease_runs_out, seen
from tests.crash.storm import SERVICES, Storm
from tests.patience import PATIENCE
from tests.ports import port_for_later

KILLS = 10
#: so many requests, at least and at most, are answered between two kills
BETWEEN = (10, 60)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'evenkeel.db'}"
    server: str = request.getfixturevalue("postgres_server")
    name = f"storm_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return named(server, name)


@pytest.mark.slow
# A connection that is just being made to a process that is killed may be lost half-way, in the client's libraries.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_no_alert_that_was_answered_is_lost_and_none_is_twice(database: str, tmp_path: Path) -> None:
    server = WorkspaceServer(patience=PATIENCE)
    server.workspace.channels.create("ml-incidents", creator="U0ANA", members=(server.workspace.app.bot_user,))
    port = port_for_later()
    storm = Storm(port)
    async with nursery() as parent, running_workspace(server), asyncio.timeout(3 * PATIENCE):
        start = Start(parent, environment_of(server, database_url=database, port=port), tmp_path)
        blowing = asyncio.create_task(storm.blow())
        await _is_killed_again_and_again(start, storm, database)
        async with start() as process:
            await process.ready()
            storm.over = True
            await blowing
            # It is at rest, too, before it took up any of them.
            await seen(server, lambda: set(_channels(server)) == set(SERVICES))
            await process.at_rest()
            await process.stop()
    store = open_store(database, read_only=True)
    try:
        await _everything_is_there_once(storm, store)
    finally:
        store.close()
    assert _channels(server) == dict.fromkeys(SERVICES, 1), "one channel for each incident"


def _channels(server: WorkspaceServer) -> Counter[str]:
    """How many incident channels each service has."""
    return Counter(
        channel.name.split("-")[2] for channel in server.workspace.channels.all() if "inc-" in channel.name
    )


async def _is_killed_again_and_again(start: Start, storm: Storm, database: str) -> None:
    chance = random.Random(7)  # noqa: S311 - when it dies is no secret
    for _ in range(KILLS):
        async with start() as process:
            await storm.goes_on(chance.randint(*BETWEEN))
            await process.kill()
        lease_runs_out(database)


async def _everything_is_there_once(storm: Storm, store: Store) -> None:
    rows = await store.alerts.since(datetime(2020, 1, 1, tzinfo=UTC))
    assert Counter(row.fingerprint for row in rows) == dict.fromkeys(storm.answered, 1)
    assert {row.fingerprint: row.service for row in rows} == storm.answered
    by_incident: dict[int | None, list[Received]] = {}
    for row in rows:
        by_incident.setdefault(row.number, []).append(row)
    assert {these[0].service for these in by_incident.values()} == set(SERVICES)
    assert len(by_incident) == len(SERVICES), "every alert belongs to the one incident of its service"
    for number, these in by_incident.items():
        assert number is not None
        head = await store.writer.read(partial(store.log.head, number=number))
        assert head.alerts == len(these), "the log knows of each alert, and of each once"
