"""What monitoring sends: ``POST /alerts/{source}``. Answered 202 after the commit.

Whether a request is genuine is known before anything of it is believed; what is kept of it holds no secret.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from msgspec.structs import replace

from bot.alerts.redaction import Redaction
from bot.alerts.sound import sound
from bot.alerts.sources import SOURCES, Source, SourceSettings
from bot.alerts.sources import Request as Received
from bot.clock import Clock
from bot.config import Settings
from bot.errors import BadRequest
from bot.service import Service
from bot.web.answers import INTAKE_ANSWERS, demand_tokens, stored
from bot.web.limits import Unread, limited_body
from bot.web.outside import Outside
from bot.web.refusing import Refusals

_NO_SOURCE: dict[int | str, dict[str, Any]] = {404: {"description": "No such source; the answer names the known."}}
_HANDSHAKE: dict[int | str, dict[str, Any]] = {200: {"description": "The source may send."}, **_NO_SOURCE}


def alerts_router(service: Service, settings: Settings, clock: Clock, outside: Outside) -> APIRouter:
    """The address, for an app whose error handlers turn our errors into answers."""
    router = APIRouter(tags=["intake"])
    intake = _Intake(service, settings, clock, outside)

    @router.post("/alerts/{source}", status_code=202, responses=INTAKE_ANSWERS | _NO_SOURCE)
    async def take_alerts(source: str, request: Request) -> JSONResponse:
        """Alerts of one source. 202 once those that can be read are stored; sending them again is harmless."""
        return await intake.take(source, request)

    @router.options("/alerts/{source}", responses=_HANDSHAKE)
    async def may_send(source: str, request: Request) -> Response:
        """Whether a source may send: some ask before they do."""
        return Response(headers={"Allow": "POST, OPTIONS"} | dict(_source(source).handshake(request.headers)))

    @router.get("/alerts/{source}", include_in_schema=False)
    async def look(source: str) -> Response:
        """Whoever opens the address in a browser is told what it is for."""
        _source(source)
        how = "docs/reference/sources.md says how it shows who it is"
        told = f"This address is there for {source} to POST to; {how}."
        raise HTTPException(405, told, headers={"Allow": "POST, OPTIONS"})

    return router


class _Intake:
    """Requests of all sources, one after the other read, stored, and answered."""

    def __init__(self, service: Service, settings: Settings, clock: Clock, outside: Outside) -> None:
        self._service, self._settings, self._clock, self._outside = service, settings, clock, outside
        self._redaction = Redaction(settings.personal_fields)
        self._refusals = Refusals(service, self._redaction)

    async def take(self, source: str, request: Request) -> JSONResponse:
        """What is answered. Raises HTTPException and our errors; what is refused of a known sender is noted."""
        tokens, clock = self._settings.alert_tokens, self._clock
        if source not in SOURCES:
            self._refusals.nowhere(source, request.headers, tokens, at=clock.now())
        known = _source(source)
        theirs = self._settings.sources.get(source, SourceSettings())
        if not (theirs.secrets or theirs.topics):
            demand_tokens(tokens)

        def with_body(body: bytes) -> Received:
            return Received(headers=request.headers, body=body, at=clock.now(), tokens=tokens, settings=theirs)

        try:
            body = await limited_body(request)
        except Unread as refused:
            await self._refusals.unread(source, known, request, with_body(b""), refused)
            raise
        return await self._taken(source, known, await _genuine(known, with_body(body), self._outside))

    async def _taken(self, source: str, known: Source, received: Received) -> JSONResponse:
        """The alerts of a genuine request are stored, those that can be read."""
        try:
            batch = sound(known.parse(received), received.body)
        except BadRequest as refused:
            self._refusals.unreadable(source, received, refused)
            raise
        taken = await self._service.take(
            source, batch.alerts, truncated=batch.truncated, body=self._redaction.of(known.kept(received)),
            delivery="" if batch.unreadable else known.delivery(received),  # mended, it may come again
        )  # fmt: skip
        if batch.unreadable:
            await self._refusals.partly(source, received, batch, taken)
        return stored(taken, batch)


async def _genuine(known: Source, received: Received, outside: Outside) -> Received:
    """The request, which its source has signed. Raises ``Unauthenticated``."""
    if address := known.certificate(received):
        received = replace(received, certificate=await outside.certificate(address))
    known.verify(received)
    if address := known.visit(received):
        await outside.visit(address)
    return received


def _source(name: str) -> Source:
    known = SOURCES.get(name)
    if known is None:
        raise HTTPException(404, f"There is no source “{name[:40]}”. Sources: {', '.join(sorted(SOURCES))}.")
    return known
