"""The FastAPI application: routers, and the one place where our errors become HTTP answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

import bot
from bot.clock import Clock
from bot.config import Settings
from bot.documents import Documents
from bot.errors import BadRequest, EvenkeelError, Mistake, NewerSchema, Refused, Unauthenticated, Unavailable
from bot.service import Service
from bot.web.alerts import alerts_router
from bot.web.api import api_router
from bot.web.attach import attach_router
from bot.web.changes import changes_router
from bot.web.changes_listed import changes_listed_router
from bot.web.docs import docs_router
from bot.web.first import AlertsFirst, taking
from bot.web.health import Health, health_router
from bot.web.outside import Outside
from bot.web.page import Page, draw
from bot.web.pages import pages_router
from bot.web.private import door
from bot.web.requests import requests_router
from bot.web.slack import SlackRequests, slack_router
from bot.web.slashes import WithoutSlash

log = structlog.get_logger(__name__)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

#: when to ask again while something is away, in seconds
RETRY_AFTER = 5


def create_app(
    *,
    service: Service,
    settings: Settings,
    documents: Documents,
    clock: Clock,
    health: Health,
    slack: SlackRequests | None,
    lifespan: Callable[[FastAPI], AsyncIterator[None]] | Lifespan | None = None,
    outside: Outside | None = None,
) -> FastAPI:
    """All addresses. ``slack`` is None in Socket Mode, where Slack sends nothing over HTTP.

    ``outside`` fetches what the intake needs of its senders, over the network unless given.
    """
    app = FastAPI(
        title="Evenkeel",
        version=bot.__version__,
        summary="An incident bot for teams that run machine-learning services",
        lifespan=lifespan,  # type: ignore[arg-type]  # FastAPI takes either; its annotation names one
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(WithoutSlash)
    alerts = alerts_router(service, settings, clock, outside or Outside())
    app.include_router(alerts)
    app.add_middleware(AlertsFirst, take=taking(alerts), answer=_answer)
    app.include_router(changes_router(service, settings, clock))
    app.include_router(attach_router(service, settings, clock))
    app.include_router(changes_listed_router(service, clock))
    app.include_router(requests_router(service, settings))
    app.include_router(slack_router(slack, secret=settings.signing_secret))
    app.include_router(health_router(health))
    guarded = [Depends(door(service, settings.page_secret))]
    app.include_router(pages_router(service, documents), dependencies=guarded)
    app.include_router(api_router(service), dependencies=guarded)
    app.include_router(docs_router(app))
    app.add_exception_handler(EvenkeelError, _answer)
    app.add_exception_handler(RequestValidationError, _unfit)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    """A sentence with the right code, as a page for browsers; what may be tried again says when."""
    code, text = _said(error)
    answer = _drawn(request, code, text)
    if code == 401:
        answer.headers["WWW-Authenticate"] = error.scheme if isinstance(error, Unauthenticated) else "Bearer"
    if code == 503:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


async def _unfit(request: Request, error: Exception) -> Response:
    """What an address was asked for and cannot mean, in a sentence for each part."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    text = "; ".join(f"`{one['loc'][-1]}`: {one['msg']}" for one in found)
    return _drawn(request, 422, text or "This cannot be read.")


def _drawn(request: Request, code: int, text: str) -> Response:
    """As a page for browsers, as JSON for programs."""
    if "text/html" in request.headers.get("accept", ""):
        return Page(draw("sorry.html", code=code, text=text), code)
    return JSONResponse({"detail": text}, code)


def _said(error: Exception) -> tuple[int, str]:
    if isinstance(error, BadRequest):
        return 400, str(error)
    if isinstance(error, Unauthenticated):
        return 401, str(error)
    if isinstance(error, Refused):
        return {"no_such_incident": 404, "private": 403}.get(error.reason, 409), str(error)
    if isinstance(error, Mistake):
        return 404, str(error)
    if isinstance(error, Unavailable | NewerSchema):
        return 503, str(error)
    log.error("a request was not answered", error=str(error), kind=type(error).__name__)
    return 500, "Evenkeel could not answer this; its log says why."
