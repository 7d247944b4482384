"""What was changed, as pipelines say it: ``POST /changes``. Answered 202 after the commit."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from bot.alerts.sources.tokens import carries_token
from bot.clock import Clock
from bot.config import Settings
from bot.errors import BadRequest
from bot.service import Service
from bot.store.changes import Change
from bot.web.answers import INTAKE_ANSWERS, demand_tokens
from bot.web.limits import limited_body


class ChangeBody(msgspec.Struct):
    """The JSON of ``POST /changes``."""

    service: str
    kind: str = "deploy"
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = ""
    at: datetime | None = None


_change = msgspec.json.Decoder(ChangeBody)

_CHANGE = {
    "requestBody": {
        "content": {"application/json": {"schema": msgspec.json.schema_components([ChangeBody])[1]["ChangeBody"]}}
    }
}


def changes_router(service: Service, settings: Settings, clock: Clock) -> APIRouter:
    """The address, for an app whose error handlers turn our errors into answers."""
    router = APIRouter(tags=["intake"])
    tokens = settings.alert_tokens

    @router.post("/changes", status_code=202, responses=INTAKE_ANSWERS, openapi_extra=_CHANGE)
    async def take_change(request: Request) -> JSONResponse:
        """A deploy, flag or alias change of a service."""
        demand_tokens(tokens)
        body = await limited_body(request)
        if not carries_token(request.headers, tokens):
            raise HTTPException(401, "The token is missing or wrong.", headers={"WWW-Authenticate": "Bearer"})
        await service.take_change(_read_change(body, now=clock.now()))
        return JSONResponse({"accepted": 1}, 202)

    return router


def _read_change(body: bytes, *, now: datetime) -> Change:
    if b"\\u0000" in body:
        raise BadRequest("not a change: a text holds a NUL, which no database keeps")
    try:
        read = _change.decode(body)
    except msgspec.ValidationError as error:
        raise BadRequest(f"not a change: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(f"not JSON: {error}") from None
    if not read.service.strip():
        raise BadRequest("not a change: `$.service` is empty")
    return Change(
        service=read.service.strip(), at=_moment(read.at) or now, kind=read.kind, version=read.version,
        previous=read.previous, by=read.by, url=read.url,
    )  # fmt: skip


def _moment(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise BadRequest("not a change: `$.at` needs a time zone, as in 2026-11-21T02:51:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadRequest("not a change: `$.at` is no time of this world") from None
