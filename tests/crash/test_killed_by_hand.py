"""kill -9 while people attach, silence and merge: every deed is done once and whole, whenever the process dies."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.incidents.incident import Incident
from bot.store import Store, incidents, open_store
from tests.conftest import TEMPLATE, named
from tests.crash.hands import DEEDS
from tests.crash.nursery import ROOT
from tests.integration.store.logs import entries
from tests.patience import PATIENCE

KILLS = 12
#: between two looks whether a process is gone, in seconds
_PAUSE = 0.01


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'evenkeel.db'}"
        open_store(address).close()
        return address
    server: str = request.getfixturevalue("postgres_server")
    name = f"hands_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return named(server, name)


@pytest.mark.slow
async def test_what_people_did_is_there_once_and_whole(database: str) -> None:
    hands = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crash.hands", database, cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            rounds = await _killed_again_and_again(hands)
    finally:
        hands.kill()
        await hands.communicate()
    store = open_store(database, read_only=True)
    try:
        await _everything_once(store, rounds)
    finally:
        store.close()


async def _killed_again_and_again(hands: asyncio.subprocess.Process) -> int:
    """Killed in each deed as often, in an order by chance; how many rounds are done at last."""
    chance = random.Random(11)  # noqa: S311 - when it dies is no secret
    moments = list(DEEDS) * (KILLS // len(DEEDS))
    chance.shuffle(moments)
    done, dead = 0, set[str]()
    for deed in [*moments, "done"]:
        done = await _one_life(hands, done, dead, until=deed, times=chance.randint(1, 2))
    return done


async def _one_life(
    hands: asyncio.subprocess.Process, start: int, dead: set[str], *, until: str, times: int
) -> int:  # fmt: skip
    """A child works on from round ``start`` and dies as it begins ``until`` so often; the first round not done.

    What those who are ``dead`` wrote last is passed over.
    """
    assert hands.stdin is not None
    assert hands.stdout is not None
    hands.stdin.write(f"{start}\n".encode())
    await hands.stdin.drain()
    begun, done, pid = Counter[str](), start, ""
    while begun[until] < times:
        pid, number, deed = (await hands.stdout.readline()).decode().split()
        if pid not in dead:
            begun[deed] += 1
            done = int(number) + 1 if deed == "done" else done
    os.kill(int(pid), signal.SIGKILL)
    dead.add(pid)
    await _gone(int(pid))
    return done


async def _gone(pid: int) -> None:
    """Returns when the process is no more."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            await asyncio.sleep(_PAUSE)  # it is another process that has to come so far


async def _everything_once(store: Store, rounds: int) -> None:
    """Of each round that is done, one incident is left, with all that was done to it."""
    for number in range(rounds):
        one, other = await _of(store, f"fraud-{number}"), await _of(store, f"cost-{number}")
        assert (one.status, one.place, one.channel) == ("open", "guest", f"C0THEIRS{number}")
        assert (one.alerts, one.theirs.state) == (2, "over")
        assert (other.status, other.together.into, len(other.silences)) == ("merged", one.number, 1)
        kinds = Counter(type(entry.event).__name__ for entry in await entries(store, one.number))
        assert {kinds[name] for name in ("IncidentOpened", "AttachedToChannel", "IncidentMerged", "ToldByTool")} == {
            1
        }
        gone = Counter(type(entry.event).__name__ for entry in await entries(store, other.number))
        assert {gone[name] for name in ("IncidentOpened", "SilenceAsked", "MergedInto")} == {1}


async def _of(store: Store, service: str) -> Incident:
    """The one incident of that service."""
    every = ("open", "merged", "resolved", "cancelled", "triage")
    (number,) = await store.writer.read(partial(incidents.of_service, service=service, status=every, limit=9))
    return await store.writer.read(partial(store.log.head, number=number))
