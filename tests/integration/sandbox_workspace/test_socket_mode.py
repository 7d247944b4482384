"""Socket Mode with several connections, their turns, their ends, and an app that comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import Channel, User
from tests.patience import PATIENCE


class Line:
    """One connection that acknowledges what it gets, if it is told to."""

    def __init__(self, link: aiohttp.ClientWebSocketResponse, *, acknowledges: bool = True) -> None:
        self._link = link
        self._acknowledges = acknowledges
        self.got: list[dict[str, Any]] = []
        self.more = asyncio.Event()

    async def listen(self) -> None:
        async for frame in self._link:
            message = frame.json()
            self.got.append(message)
            self.more.set()
            if self._acknowledges and "envelope_id" in message:
                await self._link.send_json({"envelope_id": message["envelope_id"]})

    async def heard(self, kind: str, *, times: int = 1) -> list[dict[str, Any]]:
        """The messages of this type, when there are so many."""
        while True:
            found = [message for message in self.got if message["type"] == kind]
            if len(found) >= times:
                return found
            self.more.clear()
            await asyncio.wait_for(self.more.wait(), PATIENCE)


class Lines:
    """Opens connections as an app does, and closes them when the test is over."""

    def __init__(self, client: AsyncWebClient, server: WorkspaceServer, stack: contextlib.AsyncExitStack) -> None:
        self._client = client
        self._server = server
        self._stack = stack

    async def open(self, *, acknowledges: bool = True) -> Line:
        answer = await self._client.apps_connections_open(app_token=self._server.workspace.app.app_token)
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        link = await self._stack.enter_async_context(session.ws_connect(answer["url"]))
        line = Line(link, acknowledges=acknowledges)
        task = asyncio.create_task(line.listen())
        self._stack.push_async_callback(_ended, task)
        while not line.got:
            line.more.clear()
            await asyncio.wait_for(line.more.wait(), PATIENCE)
        return line


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def lines(client: AsyncWebClient, server: WorkspaceServer) -> AsyncIterator[Lines]:
    async with contextlib.AsyncExitStack() as stack:
        yield Lines(client, server, stack)


async def test_every_connection_is_greeted_and_told_how_many_there_are(lines: Lines) -> None:
    first, second = await lines.open(), await lines.open()
    assert [line.got[0]["type"] for line in (first, second)] == ["hello", "hello"]
    assert (first.got[0]["num_connections"], second.got[0]["num_connections"]) == (1, 2)


async def test_envelopes_go_to_the_connections_in_turn(
    server: WorkspaceServer, lines: Lines, ana: User, room: Channel
) -> None:
    both = [await lines.open(), await lines.open()]
    for text in ("one", "two", "three", "four"):
        await server.people.post_as(ana.id, room.id, text)
    await server.events.settled()
    shares = [await line.heard("events_api", times=2) for line in both]
    assert [len(share) for share in shares] == [2, 2]


async def test_an_eleventh_connection_is_sent_away(server: WorkspaceServer, lines: Lines) -> None:
    for _ in range(10):
        await lines.open()
    late = await lines.open()
    assert late.got[0] == {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "sandbox"}}
    assert server.to_the_bot.sockets.connections == 10


async def test_a_refresh_is_announced_and_what_comes_meanwhile_goes_to_the_new_connection(
    server: WorkspaceServer, lines: Lines, ana: User, room: Channel
) -> None:
    old = await lines.open()
    gate = asyncio.Event()

    async def until_it_opens(seconds: float) -> None:
        assert seconds == 10.0
        await gate.wait()

    server.to_the_bot.sockets._pause = until_it_opens
    refreshing = asyncio.create_task(server.to_the_bot.sockets.refresh())
    (warned,) = await old.heard("disconnect")
    assert warned["reason"] == "warning"
    new = await lines.open()
    await server.people.post_as(ana.id, room.id, "in between")
    await server.events.settled()
    assert len(await new.heard("events_api")) == 1
    assert not [message for message in old.got if message["type"] == "events_api"]
    gate.set()
    await refreshing
    assert [message["reason"] for message in await old.heard("disconnect", times=2)] == [
        "warning",
        "refresh_requested",
    ]
    assert server.to_the_bot.sockets.connections == 1


async def test_an_app_whose_link_is_disabled_is_told_so(server: WorkspaceServer, lines: Lines) -> None:
    line = await lines.open()
    await server.to_the_bot.sockets.disconnect(reason="link_disabled")
    (told,) = await line.heard("disconnect")
    assert told["reason"] == "link_disabled"
    assert server.to_the_bot.sockets.connections == 0


async def test_an_event_that_a_connection_swallowed_comes_again_over_another(
    server: WorkspaceServer, lines: Lines, ana: User, room: Channel
) -> None:
    deaf = await lines.open(acknowledges=False)
    server.to_the_bot.sockets._patience = 0.5
    await server.people.post_as(ana.id, room.id, "does anybody hear me?")
    (lost,) = await deaf.heard("events_api")
    hearing = await lines.open()
    await asyncio.wait_for(server.events.settled(), PATIENCE)
    again = [m for line in (deaf, hearing) for m in line.got if m["type"] == "events_api"][-1]
    assert again["payload"]["event_id"] == lost["payload"]["event_id"]
    assert again["retry_attempt"] >= 1
    assert again["retry_reason"] == "timeout"


async def test_a_bolt_app_that_is_refreshed_again_and_again_misses_no_event() -> None:
    async def until_it_is_back(seconds: float) -> None:
        if seconds:
            await sockets.connected()

    server = WorkspaceServer(pause=until_it_is_back, patience=1.0)
    sockets = server.to_the_bot.sockets
    heard: dict[str, str] = {}

    async def written(body: dict[str, Any]) -> None:
        heard[body["event_id"]] = body["event"]["text"]

    async with running_workspace(server):
        ana = server.workspace.directory.add_person("ana", "Ana Anders")
        room = server.workspace.channels.create("room", creator=ana.id, members=(server.workspace.app.bot_user,))
        await server.events.settled()
        client = AsyncWebClient(token=server.workspace.app.bot_token, base_url=server.api_url)
        bolt = AsyncApp(client=client, signing_secret=server.workspace.app.signing_secret)
        bolt.event("message")(written)
        handler = AsyncSocketModeHandler(bolt, server.workspace.app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        sent = []
        for number in range(12):
            if number % 4 == 1:
                await sockets.refresh()
            sent.append((await server.people.post_as(ana.id, room.id, f"message {number}")).text)
        await asyncio.wait_for(server.events.settled(), PATIENCE)
        await handler.close_async()  # type: ignore[no-untyped-call]
    assert sorted(heard.values()) == sorted(sent)
    assert sockets.opened >= 4
