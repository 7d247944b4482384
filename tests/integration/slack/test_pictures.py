"""Pictures get into Slack in three steps, and to no other host."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.charts import Chart, Line
from bot.charts.render import png
from bot.clock import SystemClock
from bot.errors import SlackFailed, SlackRefusal
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.slack.gateway import Gateway
from bot.slack.pictures import Pictures
from bot.store import Store

PICTURE = png(Chart(title="Recall", lines=(Line("", ((0.0, 0.84), (60.0, 0.71))),)))


@pytest.fixture
async def server() -> AsyncIterator[WorkspaceServer]:
    async with running_workspace(WorkspaceServer()) as found:
        yield found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as found:
        yield found


def pictures(server: WorkspaceServer, session: aiohttp.ClientSession, store: Store, *, api_url: str = "") -> Pictures:
    client = AsyncWebClient(token=server.workspace.app.bot_token, base_url=server.api_url, session=session)
    gateway = Gateway(client, clock=SystemClock(), limits=store.placements)
    return Pictures(gateway, session, api_url=api_url or server.api_url)


async def test_a_picture_is_there_with_its_title_and_its_words(
    server: WorkspaceServer, session: aiohttp.ClientSession, store: Store
) -> None:
    put = pictures(server, session, store)
    file = server.workspace.files.get(await put(PICTURE, name="recall.png", title="Recall", alt="Recall 0.71"))
    assert (file.content, file.name, file.title, file.alt) == (PICTURE, "recall.png", "Recall", "Recall 0.71")
    assert (file.width, file.height) > (1000, 400)
    assert file.shared


async def test_bytes_go_to_slack_and_to_no_other_host(
    server: WorkspaceServer, session: aiohttp.ClientSession, store: Store
) -> None:
    put = pictures(server, session, store, api_url="https://slack.example/api/")
    with pytest.raises(SlackRefusal, match="foreign_address"):
        await put(PICTURE, name="recall.png", title="Recall", alt="")
    assert server.journal.calls("files.completeUploadExternal") == []


async def test_an_upload_that_fails_can_be_made_again(
    server: WorkspaceServer, session: aiohttp.ClientSession, store: Store
) -> None:
    with pytest.raises(SlackFailed, match="http_404"):
        await pictures(server, session, store)._send(f"{server.api_url.removesuffix('/api/')}/upload/F0", PICTURE)
