"""Alerts go first: a storm of them does not pass through routing and telemetry, which cost more than storing.

The address stays described and routed as all others are; only a ``POST`` to it takes this shorter way to the same
function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors import EvenkeelError

_BEFORE = "/alerts/"
_PATH = "/alerts/{source}"

Take = Callable[[str, Request], Awaitable[Response]]
Answer = Callable[[Request, Exception], Awaitable[Response]]


class AlertsFirst:
    """Answers ``POST /alerts/{source}`` by ``take``, what it raises by ``answer``; the rest is for ``app``."""

    def __init__(self, app: ASGIApp, *, take: Take, answer: Answer) -> None:
        self._app, self._take, self._answer = app, take, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(_BEFORE):
            source = scope["path"].removeprefix(_BEFORE).rstrip("/")
            if source and "/" not in source:
                response = await self._answered(source, Request(scope, receive))
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _answered(self, source: str, request: Request) -> Response:
        try:
            return await self._take(source, request)
        except HTTPException as error:
            return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)
        except EvenkeelError as error:
            return await self._answer(request, error)


def taking(router: APIRouter) -> Take:
    """The function by which ``router`` takes alerts."""
    here = (route for route in router.routes if isinstance(route, APIRoute) and route.path == _PATH)
    take: Take = next(route.endpoint for route in here if "POST" in (route.methods or ()))
    return take
