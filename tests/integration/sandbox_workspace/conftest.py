"""A running workspace, a client with the bot's token, and real Bolt apps connected to it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import Channel, User
from tests.patience import PATIENCE

Connect = Callable[[AsyncApp], Awaitable[None]]


async def no_pause(seconds: float) -> None:
    """Slack's minutes between two attempts, for tests."""
    del seconds
    await asyncio.sleep(0)


@pytest.fixture
async def server() -> AsyncIterator[WorkspaceServer]:
    async with running_workspace(WorkspaceServer(pause=no_pause, patience=PATIENCE)) as running:
        yield running


@pytest.fixture
async def client(server: WorkspaceServer) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=server.workspace.app.bot_token,
            base_url=server.api_url,
            session=session,
            retry_handlers=[],
        )


@pytest.fixture
def ana(server: WorkspaceServer) -> User:
    return server.workspace.directory.add_person("ana", "Ana Anders")


@pytest.fixture
def room(server: WorkspaceServer, ana: User) -> Channel:
    """A channel with a person and the bot in it."""
    members = (server.workspace.app.bot_user,)
    return server.workspace.channels.create("room", creator=ana.id, members=members)


@pytest.fixture
def bolt(server: WorkspaceServer, client: AsyncWebClient) -> AsyncApp:
    """A Bolt app without listeners, not connected yet."""
    return AsyncApp(client=client, signing_secret=server.workspace.app.signing_secret)


@pytest.fixture(params=["http", "socket"])
async def connect(request: pytest.FixtureRequest, server: WorkspaceServer) -> AsyncIterator[Connect]:
    """Connects a Bolt app to the workspace, over HTTP or over Socket Mode."""
    async with contextlib.AsyncExitStack() as stack:

        async def over_http(app: AsyncApp) -> None:
            url = await stack.enter_async_context(_listening(app))
            server.request_url = f"{url}/slack/events"

        async def over_sockets(app: AsyncApp) -> None:
            handler = AsyncSocketModeHandler(app, server.workspace.app.app_token)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            stack.push_async_callback(handler.close_async)

        yield over_http if request.param == "http" else over_sockets


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _listening(app: AsyncApp) -> AsyncIterator[str]:
    handler = AsyncSlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        routes = [Route("/slack/events", receive, methods=["POST"])]
        config = uvicorn.Config(Starlette(routes=routes), lifespan="off", log_level="warning")
        runner = _Server(config)
        running = asyncio.create_task(runner.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        runner.should_exit = True
        await running
