"""The ways to the bot: signed HTTP requests, or envelopes over Socket Mode."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.workspace.acks import Ack
from bot.sandbox.workspace.values import App, Json

# Slack waits three seconds for an acknowledgement.
PATIENCE: Final = 3.0
_MOST_CONNECTIONS: Final = 10
# How long before a connection ends Slack says so.
NOTICE: Final = 10.0
_HOST: Final = {"host": "sandbox"}


class OverHttp:
    """Posts to the app's request address, signed; the address may be set and changed while it runs."""

    def __init__(self, app: App, *, patience: float = PATIENCE, wall: Callable[[], float] = time.time) -> None:
        self.url = ""
        self._app = app
        self._patience = patience
        # The receiver compares the signature's time with its own clock, so it is never the sandbox's.
        self._wall = wall
        self._client = httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(patience, pool=None))

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        """One request; ``Delivery`` says what comes back."""
        content_type, body = _encode(kind, payload)
        headers = {"content-type": content_type, **self._signature(body)}
        if retry:
            headers |= {"x-slack-retry-num": str(retry), "x-slack-retry-reason": reason}
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._client.post(self.url, content=body, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return Ack(reason="http_timeout")
        except httpx.TransportError:
            return Ack(reason="connection_failed")
        if not answer.is_success:
            return Ack(reason="http_error", no_retry=answer.headers.get("x-slack-no-retry") == "1")
        return Ack(body=_body(answer))

    async def close(self) -> None:
        """No connection is left."""
        await self._client.aclose()

    def _signature(self, body: str) -> dict[str, str]:
        timestamp = str(int(self._wall()))
        verifier = SignatureVerifier(self._app.signing_secret, clock=Clock())
        signature = verifier.generate_signature(timestamp=timestamp, body=body)
        return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature or ""}


def _encode(kind: str, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return "application/json", msgspec.json.encode(payload).decode()
    form = payload if kind == "slash_commands" else {"payload": msgspec.json.encode(payload).decode()}
    return "application/x-www-form-urlencoded", urlencode(form)


def _body(answer: httpx.Response) -> Any:
    if "json" in answer.headers.get("content-type", ""):
        return answer.json()
    return answer.text


class OverSockets:
    """Sends each envelope over one of the open connections, each in its turn, and waits for its acknowledgement."""

    def __init__(
        self, app: App, *, patience: float = PATIENCE, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._app = app
        self._patience = patience
        self._pause = pause
        self._connections: list[WebSocket] = []
        self._leaving: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._numbers = itertools.count(1)
        self._open = asyncio.Event()
        self.opened = 0

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    async def connected(self) -> None:
        """At least one connection is open when this returns."""
        await self._open.wait()

    async def serve(self, socket: WebSocket) -> None:
        """Speak Socket Mode on this connection until it ends; an eleventh one is sent away."""
        await socket.accept()
        if len(self._connections) >= _MOST_CONNECTIONS:
            await self._send_away(socket, "too_many_websockets")
            return
        self._connections.append(socket)
        self._open.set()
        self.opened += 1
        try:
            await socket.send_json(self._hello())
            while True:
                self._acknowledge(await socket.receive_json())
        except WebSocketDisconnect:
            return
        finally:
            self._remove(socket)

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        """One envelope; ``Delivery`` says what comes back."""
        if not self._connections:
            return Ack(reason="connection_failed", no_retry=not self.opened)
        number = next(self._numbers)
        staying = [socket for socket in self._connections if socket not in self._leaving] or self._connections
        socket = staying[number % len(staying)]
        envelope: Json = {
            "envelope_id": f"envelope-{number}",
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = waiting
        try:
            async with asyncio.timeout(self._patience):
                await socket.send_json(envelope)
                return Ack(body=await waiting)
        except TimeoutError:
            return Ack(reason="timeout")
        except (WebSocketDisconnect, RuntimeError):
            return Ack(reason="connection_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def disconnect(self, *, reason: str = "refresh_requested") -> None:
        """Send every client away: to come again, or, with the reason ``link_disabled``, for good."""
        for socket in tuple(self._connections):
            self._remove(socket)
            await self._send_away(socket, reason)

    async def refresh(self, *, notice: float = NOTICE) -> None:
        """What Slack does every few hours: a warning, and ``notice`` seconds later the end of these connections.

        Whoever opens a new one in between misses nothing, for envelopes go to the new ones from then on.
        """
        self._leaving = list(self._connections)
        for socket in self._leaving:
            await socket.send_json(_disconnect("warning"))
        await self._pause(notice)
        for socket in self._leaving:
            if socket in self._connections:
                self._remove(socket)
                await self._send_away(socket, "refresh_requested")
        self._leaving = []

    def _remove(self, socket: WebSocket) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
        if not self._connections:
            self._open.clear()

    async def _send_away(self, socket: WebSocket, reason: str) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it may have gone by itself
            await socket.send_json(_disconnect(reason))
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {**_HOST, "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self._app.id},
        }

    def _acknowledge(self, answer: Json) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": dict(_HOST)}


class ToTheBot:
    """Over HTTP if a request address is set, else over Socket Mode."""

    def __init__(
        self, app: App, *, patience: float = PATIENCE, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.http = OverHttp(app, patience=patience)
        self.sockets = OverSockets(app, patience=patience, pause=pause)

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        """As ``Delivery``."""
        way = self.http if self.http.url else self.sockets
        return await way.deliver(kind, payload, retry=retry, reason=reason)
