"""The office, opened for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SteppedClock
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.store import Store, open_store
from tests.integration.slack.office import Office, Process, Start
from tests.patience import PATIENCE


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime(2026, 11, 21, 3, 5, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path, clock: SteppedClock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/evenkeel.db", clock=clock, durable=False)
    yield opened
    opened.close()


@pytest.fixture
async def office(store: Store, clock: SteppedClock) -> AsyncIterator[Office]:
    async with running_workspace(WorkspaceServer(clock=clock.now, patience=PATIENCE)) as server:
        office = Office(server, store, clock)
        await office.open_incident(invite=(office.ana.id,))
        yield office


@pytest.fixture
async def start(office: Office) -> AsyncIterator[Start]:
    """``start("name")`` starts a process."""
    async with aiohttp.ClientSession() as session:
        yield lambda name="first": Process(office, session, name=name)
