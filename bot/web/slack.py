"""``POST /slack/events``: everything that Slack sends over HTTP, handed to Bolt, which checks the signature."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from bot.web.limits import limited_body


class SlackRequests(Protocol):
    """Bolt's adapter for Starlette."""

    async def handle(self, req: Request) -> Response:
        """Verifies, dispatches, and answers."""


def slack_router(slack: SlackRequests | None) -> APIRouter:
    """One address for events, slash commands and interactions."""
    router = APIRouter(tags=["slack"])

    @router.post("/slack/events")
    async def slack_events(request: Request) -> Response:
        """Events, slash commands and interactions, signed by Slack."""
        if slack is None:
            raise HTTPException(404, "This installation uses Socket Mode; Slack sends nothing here.")
        body = await limited_body(request)
        request._body = body  # the stream is read; Bolt asks for the body again
        return await slack.handle(request)

    return router
