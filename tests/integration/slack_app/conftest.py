"""An office for every test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.settings import AudienceSettings
from bot.runbooks.loading import load_library
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.slack.app import build_app, workplace_of
from bot.slack.gateway import Gateway
from tests.conftest import Opener
from tests.integration.slack_app.office import Office, Recorded
from tests.patience import PATIENCE

SETTINGS = Settings(
    public_url="https://evenkeel.example", audiences={"risk": AudienceSettings(channel="#risk-updates")}
)


async def _no_pause(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def office(clock: SteppedClock, sqlite_url: str, opened: Opener) -> AsyncIterator[Office]:
    """The app listens over Socket Mode; Ana and Ben are there."""
    store = opened(sqlite_url)
    service = Recorded(store, settings=SETTINGS, library=load_library({}))
    service.done = asyncio.Queue()
    async with (
        running_workspace(WorkspaceServer(pause=_no_pause, patience=PATIENCE)) as server,
        aiohttp.ClientSession() as session,
    ):
        client = AsyncWebClient(
            token=server.workspace.app.bot_token, base_url=server.api_url, session=session, retry_handlers=[]
        )
        gateway = Gateway(client, clock=clock, limits=store.placements)
        app = build_app(service, client=client, settings=SETTINGS, clock=clock, gateway=gateway)
        handler = AsyncSocketModeHandler(app, server.workspace.app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield Office(server, store, service, client, workplace_of(SETTINGS))
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
