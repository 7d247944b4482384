"""The FastAPI application: routers, and the one place where our errors become HTTP answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

import bot
from bot.clock import Clock
from bot.config import Settings
from bot.documents import Documents
from bot.errors import BadRequest, EvenkeelError, Mistake, Refused, Unavailable
from bot.service import Service
from bot.web.alerts import alerts_router
from bot.web.api import api_router
from bot.web.health import Health, health_router
from bot.web.pages import pages_router
from bot.web.slack import SlackRequests, slack_router

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    *,
    service: Service,
    settings: Settings,
    documents: Documents,
    clock: Clock,
    health: Health,
    slack: SlackRequests | None,
    lifespan: Callable[[FastAPI], AsyncIterator[None]] | Lifespan | None = None,
) -> FastAPI:
    """All addresses. ``slack`` is None in Socket Mode, where Slack sends nothing over HTTP."""
    app = FastAPI(
        title="Evenkeel",
        version=bot.__version__,
        summary="An incident bot for teams that run machine-learning services",
        lifespan=lifespan,  # type: ignore[arg-type]  # FastAPI takes either; its annotation names one
        redoc_url=None,
    )
    app.include_router(alerts_router(service, settings, clock))
    app.include_router(slack_router(slack))
    app.include_router(health_router(health))
    app.include_router(pages_router(service, documents))
    app.include_router(api_router(service))
    app.add_exception_handler(EvenkeelError, _answer)
    return app


async def _answer(_: Request, error: Exception) -> Response:
    """A sentence with the right code; what may be tried again says when."""
    detail = {"detail": str(error)}
    if isinstance(error, BadRequest):
        return JSONResponse(detail, 400)
    if isinstance(error, Refused):
        return JSONResponse(detail, 404 if error.reason == "no_such_incident" else 409)
    if isinstance(error, Mistake):
        return JSONResponse(detail, 404)
    if isinstance(error, Unavailable):
        return JSONResponse(detail, 503, headers={"Retry-After": "5"})
    return JSONResponse({"detail": "Evenkeel could not answer this; its log says why."}, 500)
