"""Several processes see one outage, and the incidents channel hears of it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.doctor_channels import NoLimits
from bot.clock import SteppedClock
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.slack.gateway import Gateway
from bot.slack.outage_words import Kind, OutageWords
from tests.patience import PATIENCE


@pytest.fixture
async def server(clock: SteppedClock) -> AsyncIterator[WorkspaceServer]:
    found = WorkspaceServer(clock=clock.now, patience=PATIENCE, limits=False)
    found.workspace.channels.create("ml-incidents", creator="U0ANA", members=(found.workspace.app.bot_user,))
    async with running_workspace(found):
        yield found


@pytest.fixture
async def processes(server: WorkspaceServer, clock: SteppedClock) -> AsyncIterator[list[OutageWords]]:
    """Four of them."""
    async with aiohttp.ClientSession() as session:
        token = server.workspace.app.bot_token
        client = AsyncWebClient(token=token, base_url=server.api_url, session=session)
        gateway = Gateway(client, clock=clock, limits=NoLimits())
        yield [OutageWords(gateway, channel="#ml-incidents", installation="keel") for _ in range(4)]


def heard(server: WorkspaceServer) -> list[str]:
    """What the bot says in the incidents channel, oldest first."""
    channel, bot = server.workspace.channels.by_name("ml-incidents"), server.workspace.app.bot_user
    return [m.text for m in server.workspace.messages.all_in(channel.id) if m.user == bot and not m.subtype]


async def all_say(processes: Sequence[OutageWords], kind: Kind, clock: SteppedClock, *, ago: float = 10) -> None:
    since = clock.now() - timedelta(seconds=ago)
    await asyncio.gather(*(words.say(kind, {"text": kind}, since=since) for words in processes))


async def test_what_all_of_them_say_at_once_is_heard_once(
    server: WorkspaceServer, processes: list[OutageWords], clock: SteppedClock
) -> None:
    await all_say(processes, "away", clock)
    clock.advance(5)
    await all_say(processes, "back", clock, ago=15)
    assert heard(server) == ["away", "back"]


async def test_who_comes_later_finds_it_said_and_posts_nothing(
    server: WorkspaceServer, processes: list[OutageWords], clock: SteppedClock
) -> None:
    for words in processes:
        await all_say([words], "away", clock)
    assert heard(server) == ["away"]
    assert len(server.journal.calls("chat.postMessage")) == 1


async def test_the_next_outage_is_said_again(
    server: WorkspaceServer, processes: list[OutageWords], clock: SteppedClock
) -> None:
    for kind in ("away", "back", "away"):
        await all_say(processes, kind, clock)
        clock.advance(3)
    assert heard(server) == ["away", "back", "away"]


async def test_an_outage_whose_end_nobody_could_say_silences_no_other(
    server: WorkspaceServer, processes: list[OutageWords], clock: SteppedClock
) -> None:
    await all_say(processes, "away", clock)
    clock.advance(3600)
    await all_say(processes, "away", clock)
    assert heard(server) == ["away", "away"]


async def test_where_the_bot_may_not_read_it_says_it_all_the_same(
    server: WorkspaceServer, processes: list[OutageWords], clock: SteppedClock
) -> None:
    server.access.scopes = server.access.scopes - {"channels:history"}
    await all_say(processes[:2], "away", clock)
    assert heard(server) == ["away", "away"], "twice is better than never"
