"""The workspace on a loopback port: Web API, Socket Mode, response addresses, and whatever is mounted beside them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.sandbox.workspace.access import ALL_SCOPES, Access
from bot.sandbox.workspace.api import TRANSPORT, WebApi
from bot.sandbox.workspace.delivery import PATIENCE, ToTheBot
from bot.sandbox.workspace.events import Events
from bot.sandbox.workspace.faults import Faults
from bot.sandbox.workspace.installation import Installation, read_manifest
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.limits import Limits
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import App, File, SlackSays, Team


class WorkspaceServer:
    """A workspace with everything around it.

    ``workspace`` is the state, ``people`` (of the class that was given) acts in it, ``faults``, ``limits`` and
    ``access`` are switches, ``journal`` is what the bot called. ``mount`` adds a page before the server runs; ``url``
    and ``api_url`` are set while it runs.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ids: Iterator[int] | None = None,
        team: Team | None = None,
        app: App | None = None,
        scopes: frozenset[str] = ALL_SCOPES,
        limits: bool = True,
        patience: float = PATIENCE,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        people: type[People] = People,
    ) -> None:
        self.workspace = Workspace(clock=clock, ids=ids, team=team, app=app)
        self.access = Access(self.workspace.app, scopes=scopes)
        self.limits = Limits(clock, on=limits)
        self.faults = Faults()
        self.journal = Journal(clock=clock)
        self.to_the_bot = ToTheBot(self.workspace.app, patience=patience, pause=pause)
        self.responses = Responses(self.workspace)
        self.people = people(self.workspace, delivery=self.to_the_bot, responses=self.responses, journal=self.journal)
        self.events = Events(self.workspace, access=self.access, delivery=self.to_the_bot, pause=pause)
        self.installation: Installation | None = None
        self.url = ""
        self._mounts: list[BaseRoute] = []
        self._api = WebApi(
            self.workspace,
            access=self.access,
            limits=self.limits,
            faults=self.faults,
            journal=self.journal,
        )

    @property
    def api_url(self) -> str:
        """What the bot needs as ``SLACK_API_URL``."""
        return f"{self.url}/api/"

    @property
    def request_url(self) -> str:
        """Where the bot receives events, commands and clicks over HTTP; empty for Socket Mode."""
        return self.to_the_bot.http.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.to_the_bot.http.url = url

    def install(self, manifest: str) -> None:
        """The app is installed by this manifest: it may do, and is told, what stands in it, and nothing more."""
        self.installation = read_manifest(manifest)
        self.access.install(self.installation)

    def mount(self, path: str, app: ASGIApp) -> None:
        """Serve ``app`` below ``path``, beside the API."""
        self._mounts.append(Mount(path, app=app))

    def asgi(self) -> Starlette:
        """The application that answers everything."""
        return Starlette(
            routes=[
                Route("/api/{method}", self._api.answer, methods=["GET", "POST"]),
                Route("/response/{response_id}", self._respond, methods=["POST"]),
                Route("/upload/{file_id}", self._upload, methods=["POST"]),
                Route("/files/{file_id}", self._file),
                Route("/files/{file_id}/{name}", self._file),
                WebSocketRoute("/link", self.to_the_bot.sockets.serve),
                *self._mounts,
            ]
        )

    async def _respond(self, request: Request) -> Response:
        try:
            answer = msgspec.json.decode(await request.body(), type=dict[str, Any])
            self.responses.use(request.path_params["response_id"], answer)
        except msgspec.DecodeError:
            return PlainTextResponse("invalid_payload", status_code=400)
        except SlackSays as refusal:
            self.journal.note("response_url", {}, error=refusal.code)
            return PlainTextResponse(refusal.code, status_code=404)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        try:
            self.workspace.files.fill(request.path_params["file_id"], await request.body())
        except SlackSays as refusal:
            return PlainTextResponse(refusal.code, status_code=404)
        return PlainTextResponse("OK")

    async def _file(self, request: Request) -> Response:
        try:
            file = self.workspace.files.get(request.path_params["file_id"])
        except SlackSays as refusal:
            return PlainTextResponse(refusal.code, status_code=404)
        return Response(file.content or b"", media_type=file.mimetype, headers=_harmless(file))


def _harmless(file: File) -> dict[str, str]:
    """The headers with which a file that anybody uploaded runs nothing in a browser."""
    headers = {"content-security-policy": "default-src 'none'; sandbox", "x-content-type-options": "nosniff"}
    if file.is_picture:
        return headers
    return headers | {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}


class _Protocol(HttpToolsProtocol):
    """Lets the application reach its connection, so that it can drop it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[TRANSPORT] = self.transport  # type: ignore[typeddict-unknown-key]


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program around it."""
        yield


@contextlib.asynccontextmanager
async def running_workspace(
    server: WorkspaceServer | None = None, *, port: int = 0, host: str = "127.0.0.1"
) -> AsyncIterator[WorkspaceServer]:
    """The workspace answers at ``server.url`` while the block lasts; port 0 takes a free one."""
    server = server or WorkspaceServer()
    # asyncio switches Nagle's algorithm off only where the protocol is named; without, an answer takes 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        server.url = f"http://{host}:{listener.getsockname()[1]}"
        server.workspace.files.base = server.url
        server.responses.address = lambda response_id: f"{server.url}/response/{response_id}"
        config = uvicorn.Config(
            server.asgi(),
            http=_Protocol,
            ws="websockets-sansio",
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        runner = _Server(config)
        running = asyncio.create_task(runner.serve(sockets=[listener]))
        server.events.start()
        try:
            yield server
        finally:
            server.faults.clear()
            await server.events.stop()
            await server.to_the_bot.sockets.disconnect()
            # A page's stream of changes never ends by itself.
            for connection in tuple(runner.server_state.connections):
                connection.transport.abort()
            runner.should_exit = True
            await running
            await server.to_the_bot.http.close()
