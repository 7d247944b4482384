"""``/readyz`` while nothing can be stored, though the database answers; and after."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.errors import DatabaseAway
from bot.runbooks.loading import Library
from bot.sandbox.workspace.server import running_workspace
from bot.store import Store
from bot.wiring import Evenkeel, running
from tests.conftest import Opener
from tests.integration.store.disk import fill, full
from tests.integration.store.services import alert, service


@pytest.fixture
def on_sqlite(sqlite_url: str, opened: Opener) -> Store:
    return opened(sqlite_url)


async def test_on_a_full_disk_it_is_not_ready_and_is_again_by_itself(on_sqlite: Store, clock: SteppedClock) -> None:
    async with running_workspace() as slack:
        settings = Settings(slack_api_url=slack.api_url, bot_token=Secret(slack.workspace.app.bot_token))
        library = Library()
        async with running(Evenkeel(settings, library, store=on_sqlite, clock=clock, turns=False)) as evenkeel:
            database = evenkeel.vitals.database
            assert (await database()).ok
            await full(on_sqlite, so=True)
            with pytest.raises(DatabaseAway):
                await fill(evenkeel.service)
            found = await database()
            assert not found.ok
            assert "database or disk is full" in found.text
            assert "look at its server and its disk" in found.text
            await full(on_sqlite, so=False)
            assert (await database()).ok, "nothing had to be written by anybody else first"


async def test_nobody_hears_that_all_is_well_while_somebody_else_finds_out(on_sqlite: Store) -> None:
    here = service(on_sqlite)
    await here.take("alertmanager", [alert()])
    await full(on_sqlite, so=True)
    with pytest.raises(DatabaseAway):
        await fill(here)
    found = await asyncio.gather(*(on_sqlite.prove() for _ in range(5)), return_exceptions=True)
    assert [type(one) for one in found] == [DatabaseAway] * 5
    await full(on_sqlite, so=False)
    assert await asyncio.gather(*(on_sqlite.prove() for _ in range(5))) == [None] * 5
