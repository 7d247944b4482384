"""``POST /slack/events``: everything that Slack sends over HTTP, handed to Bolt once it is known to be Slack's.

The signature is checked here on the raw bytes, because Bolt reads a body before it asks who sent it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from bot.web.limits import limited_body
from bot.web.slack_shapes import demand_shape

log = structlog.get_logger(__name__)

#: how old a signature may be, in seconds; as Slack recommends
MOST_AGE = 300


class SlackRequests(Protocol):
    """Bolt's adapter for Starlette."""

    async def handle(self, req: Request) -> Response:
        """Verifies, dispatches, and answers."""


def slack_router(
    slack: SlackRequests | None, *, secret: str | None, wall: Callable[[], float] = time.time
) -> APIRouter:
    """One address for events, slash commands and interactions. ``wall`` is the time that Slack signs with."""
    router = APIRouter(tags=["slack"])

    @router.post("/slack/events", responses={401: {"description": "Not signed by Slack within five minutes."}})
    async def slack_events(request: Request) -> Response:
        """Events, slash commands and interactions, signed by Slack."""
        if slack is None:
            raise HTTPException(404, "This installation uses Socket Mode; Slack sends nothing here.")
        body = await limited_body(request)
        if not is_signed(request.headers, body, secret=secret or "", now=wall()):
            if "x-slack-signature" in request.headers:  # Slack shows people nothing but "failed": say it here
                log.warning("a request was not signed by Slack just now with SLACK_SIGNING_SECRET; it was refused")
            raise HTTPException(401, "This was not signed by Slack just now with SLACK_SIGNING_SECRET.")
        if not is_readable(body, request.headers.get("content-type", "")):
            raise HTTPException(400, "This is nothing that Slack sends.")
        request._body = body  # the stream is read; Bolt asks for the body again
        return await slack.handle(request)

    return router


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: str, now: float) -> bool:
    """Whether who knows ``secret`` signed the body, at most five minutes from ``now``."""
    timestamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not secret or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 16):
        return False
    if abs(now - int(timestamp)) > MOST_AGE:
        return False
    signature = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256)
    return hmac.compare_digest(f"v0={signature.hexdigest()}".encode(), given.encode())


def is_readable(body: bytes, content_type: str) -> bool:
    """Whether the body is JSON of a shape that Slack sends, or a form whose payload, if it has one, is such JSON."""
    try:
        if content_type.startswith("application/json") or body.startswith(b"{"):
            demand_shape(body)
            return True
        form = parse_qs(body.decode(), keep_blank_values=True)
        for payload in form.get("payload", ()):
            demand_shape(payload)
    except (ValueError, RecursionError):
        return False
    return bool(form)
