"""kill -9 at every step of opening an incident: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.conftest import TEMPLATE, named
from tests.crash.nursery import Nursery, nursery
from tests.crash.opening import Crash, crashes

STEPS = (
    ("conversations.create", 1), ("chat.postMessage", 1), ("chat.postMessage", 2), ("chat.postMessage", 3),
    ("bookmarks.add", 1), ("conversations.invite", 1), ("conversations.setTopic", 1), ("pins.add", 1),
)  # fmt: skip
CRASHES = [Crash(method, nth, after) for method, nth in STEPS for after in (False, True)]
#: so many stories are told at the same time
AT_ONCE = 8

Address = Callable[[int], str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """``addresses(3)``: that of an empty database for the third story."""
    if request.param == "sqlite":
        return lambda story: f"sqlite:///{tmp_path / str(story) / 'evenkeel.db'}"
    server: str = request.getfixturevalue("postgres_server")

    def created(story: int) -> str:
        name = f"crash_{story}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return named(server, name)

    return created


@pytest.mark.slow
# A connection that is just being made to a process that is killed may be lost half-way, in the client's libraries.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_process_that_is_killed_anywhere_is_succeeded_without_loss_or_repetition(
    addresses: Address, tmp_path: Path
) -> None:
    free = asyncio.Semaphore(AT_ONCE)

    async def tell(story: int, crash: Crash, parent: Nursery) -> str | None:
        folder = tmp_path / str(story)
        folder.mkdir()
        async with free:
            try:
                await crashes(crash, parent, database_url=addresses(story), folder=folder)
            except (AssertionError, TimeoutError) as error:
                return f"{crash}: {error!r}\n{(folder / 'log').read_text(encoding='utf-8')[-3000:]}"
        return None

    async with nursery() as parent:
        told = await asyncio.gather(*(tell(story, crash, parent) for story, crash in enumerate(CRASHES)))
    assert [problem for problem in told if problem] == []
