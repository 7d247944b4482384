"""When the database is away: said at once, nothing lost, and work goes on when it is back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.clock import SteppedClock
from bot.errors import DatabaseAway
from bot.store import Lane
from bot.store.address import address
from bot.store.engines import reading_engine, writing_engine
from bot.store.transaction import Transaction
from bot.store.writer import Writer
from tests.conftest import Opener, StartPostgres
from tests.integration.store.services import alert, service

LONG = 30.0


@pytest.mark.postgres
async def test_postgresql_goes_away_and_comes_back(
    start_postgres: StartPostgres, postgres_folder: Path, opened: Opener
) -> None:
    server = await asyncio.to_thread(start_postgres, postgres_folder / "away")
    store = opened(server.get_uri())
    here = service(store)
    assert (await here.take("alertmanager", [alert("a")])).incidents == ["INC-1"]
    await store.wakeups.wait(LONG)

    await asyncio.to_thread(server.cleanup)
    for question in (here.take("alertmanager", [alert("b")]), here.incident(1), here.listing(), store.ask()):
        with pytest.raises(DatabaseAway) as away:
            await question
        assert away.value.retryable
    both = [here.take("alertmanager", [alert(name)]) for name in "bc"]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert [type(answer) for answer in answers] == [DatabaseAway, DatabaseAway]

    server = await asyncio.to_thread(start_postgres, postgres_folder / "away")
    try:
        await store.ask()
        assert (await here.take("alertmanager", [alert("b")])).incidents == ["INC-1"]
        assert (await here.incident(1)).alerts == 2
        await store.wakeups.wait(LONG)
    finally:
        store.close()
        await asyncio.to_thread(server.cleanup)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_nobody_waits_for_ever_for_a_writer_that_has_a_mistake(sqlite_url: str, clock: SteppedClock) -> None:
    def wrong(_: Transaction) -> None:
        raise ZeroDivisionError

    place = address(sqlite_url)
    writer = Writer(
        writing_engine(place), reading_engine(place, size=1), clock=clock, committed=wrong,
        committing=lambda _, __: None,
    )  # fmt: skip
    waiting = [asyncio.ensure_future(writer.submit(lambda _, __: None, lane=lane)) for lane in Lane]
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(answer) for answer in answers} == {DatabaseAway}
    with pytest.raises(DatabaseAway):
        await writer.submit(lambda _, __: None, lane=Lane.CLICK)
    writer.close()
