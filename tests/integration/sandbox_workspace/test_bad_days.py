"""Slack limits, fails, loses answers and stands still when a test asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import Channel
from tests.patience import PATIENCE


async def test_the_twenty_first_channel_in_a_minute_has_to_wait() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    async with (
        running_workspace(WorkspaceServer(clock=lambda: now)) as server,
        aiohttp.ClientSession() as session,
    ):
        client = AsyncWebClient(token="xoxb-sandbox", base_url=server.api_url, session=session, retry_handlers=[])
        for number in range(20):
            await client.conversations_create(name=f"inc-{number}")
        with pytest.raises(SlackApiError) as caught:
            await client.conversations_create(name="inc-20")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "60"
        assert caught.value.response["error"] == "ratelimited"
        now += timedelta(seconds=60)
        await client.conversations_create(name="inc-20")


async def test_slack_s_own_retry_handler_understands_the_limit(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.faults.ratelimited("chat.postMessage", 1)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await client.chat_postMessage(channel=room.id, text="in the end")
    assert [call.ok for call in server.journal.calls("chat.postMessage")] == [False, True]


async def test_a_lost_answer_was_work_done(server: WorkspaceServer, client: AsyncWebClient, room: Channel) -> None:
    server.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=room.id, text="did it arrive?")
    assert server.workspace.messages.all_in(room.id)[-1].text == "did it arrive?"
    call = server.journal.calls("chat.postMessage")[0]
    assert (call.ok, call.lost) == (True, True)
    await client.chat_postMessage(channel=room.id, text="next")


async def test_a_connection_dropped_before_the_work_did_nothing(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    before = len(server.workspace.messages.all_in(room.id))
    server.faults.drop_before("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=room.id, text="did it arrive?")
    assert len(server.workspace.messages.all_in(room.id)) == before


async def test_an_error_and_a_status_last_as_long_as_was_asked(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.faults.error("chat.postMessage", "internal_error", times=2)
    server.faults.status("pins.add", 500, times=None)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="internal_error"):
            await client.chat_postMessage(channel=room.id, text="no")
    posted = await client.chat_postMessage(channel=room.id, text="yes")
    for _ in range(3):
        with pytest.raises(SlackApiError) as caught:
            await client.pins_add(channel=room.id, timestamp=posted["ts"])
        assert caught.value.response.status_code == 500
    server.faults.clear()
    await client.pins_add(channel=room.id, timestamp=posted["ts"])
    assert len(server.journal.refused()) == 5


@pytest.mark.parametrize("after_the_work", [False, True])
async def test_a_held_call_stands_still_until_it_is_released(
    server: WorkspaceServer, client: AsyncWebClient, *, after_the_work: bool
) -> None:
    hold = server.faults.hold("conversations.create", after_the_work=after_the_work)
    call = asyncio.create_task(client.conversations_create(name="inc-1"))
    await hold.reached.wait()
    names = [channel.name for channel in server.workspace.channels.all()]
    assert names == (["inc-1"] if after_the_work else [])
    hold.release()
    assert (await call)["ok"]


async def test_a_call_is_carried_out_although_its_caller_died_meanwhile(
    server: WorkspaceServer, client: AsyncWebClient
) -> None:
    hold = server.faults.hold("conversations.create")
    call = asyncio.create_task(client.conversations_create(name="inc-1"))
    await hold.reached.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    with server.workspace.subscribe() as changes:
        hold.release()
        assert (await asyncio.wait_for(changes.get(), PATIENCE)).kind == "channel_created"


async def test_the_journal_knows_what_ran_side_by_side(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.faults.latency = 0.02
    await client.conversations_setTopic(channel=room.id, topic="one")
    await asyncio.gather(*(client.chat_postMessage(channel=room.id, text=str(n)) for n in range(3)))
    assert server.journal.most_at_once == 3
    assert [call.method for call in server.journal.chain()] == ["conversations.setTopic", "chat.postMessage"]
    assert all(call.ended and call.ended - call.began >= 0.02 for call in server.journal.calls())


async def test_socket_mode_moves_to_a_new_connection_when_asked(
    server: WorkspaceServer, client: AsyncWebClient
) -> None:
    async with aiohttp.ClientSession() as session:
        address = (await client.apps_connections_open(app_token=server.workspace.app.app_token))["url"]
        async with session.ws_connect(address) as link:
            assert (await link.receive_json())["type"] == "hello"
            await server.to_the_bot.sockets.disconnect()
            assert (await link.receive_json())["type"] == "disconnect"
    assert server.to_the_bot.sockets.connections == 0


async def test_an_endless_stream_of_a_page_does_not_hold_up_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async def never(request: Request) -> StreamingResponse:
        async def silence() -> AsyncIterator[bytes]:
            yield b": listening"
            await asyncio.Event().wait()

        return StreamingResponse(silence())

    server = WorkspaceServer()
    server.mount("/page", Starlette(routes=[Route("/live", never)]))
    async with aiohttp.ClientSession() as session:
        async with running_workspace(server):
            answer = await session.get(f"{server.url}/page/live")
            assert await answer.content.readany() == b": listening"
        answer.close()
    assert caplog.records == []
