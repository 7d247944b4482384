"""The one address that people open: shows the page of what plays, and a short wait while it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

#: how long a stream of changes waits for the next page, in seconds: a browser gives up a stream that is refused
PATIENCE = 15.0

_STREAM = "text/event-stream"
_WAIT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="1">
<title>Evenkeel sandbox</title>
</head>
<body>
<p>Everything begins anew. This page comes back by itself in a second or two.</p>
</body>
</html>
"""


class Front:
    """An application. Between ``open`` and ``close`` a page answers, otherwise a page that comes back by itself."""

    def __init__(self) -> None:
        self._page: ASGIApp | None = None
        self._first_look: Callable[[], Awaitable[object]] | None = None
        self._opened = asyncio.Event()
        self._streams: set[asyncio.Task[None]] = set()

    @property
    def streams(self) -> int:
        """How many pages listen for changes."""
        return len(self._streams)

    def open(self, page: ASGIApp, *, first_look: Callable[[], Awaitable[object]] | None = None) -> None:
        """``page`` answers from now on; ``first_look`` is awaited before whoever asks for ``/`` is answered."""
        self._page, self._first_look = page, first_look
        self._opened.set()

    def close(self) -> None:
        """No page answers any more; streams of changes end, so that their browsers ask again."""
        self._page = None
        self._opened.clear()
        for stream in tuple(self._streams):
            stream.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        if self._page is None and Headers(scope=scope).get("accept", "").startswith(_STREAM):
            await self._next_page()
        page = self._page
        if page is None:
            await _wait(scope, receive, send)
            return
        if scope["path"] == "/" and self._first_look is not None:
            await self._first_look()
        await self._pass(page, scope, receive, send)

    async def _next_page(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._opened.wait()
        except TimeoutError:
            return

    async def _pass(self, page: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with ``page``; what it streams ends well when the page goes."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if Headers(raw=message["headers"]).get("content-type", "").startswith(_STREAM):
                    self._streams.add(task)
            await send(message)

        async def answer() -> None:
            await page(scope, receive, watched)

        task = asyncio.create_task(answer())
        try:
            await asyncio.wait({task})
        finally:
            self._streams.discard(task)
            task.cancel()
        if task.cancelled():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif (trouble := task.exception()) is not None:
            if page is self._page:
                raise trouble
            log.info("a request to what was taken down", path=scope["path"], error=str(trouble))
            if not started:
                await _wait(scope, receive, send)


async def _wait(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {
        "retry-after": "1",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    await HTMLResponse(_WAIT, status_code=503, headers=headers)(scope, receive, send)
