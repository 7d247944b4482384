"""What monitoring sends: ``POST /alerts/{source}``. Answered 202 after the commit."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from bot.alerts.sources import SOURCES, SourceSettings
from bot.alerts.sources import Request as Received
from bot.clock import Clock
from bot.config import Settings
from bot.service import Service
from bot.web.answers import INTAKE_ANSWERS, demand_tokens
from bot.web.limits import limited_body

_NO_SOURCE: dict[int | str, dict[str, Any]] = {404: {"description": "No such source; the answer names the known."}}


def alerts_router(service: Service, settings: Settings, clock: Clock) -> APIRouter:
    """The address, for an app whose error handlers turn our errors into answers."""
    router = APIRouter(tags=["intake"])
    tokens = settings.alert_tokens

    @router.post("/alerts/{source}", status_code=202, responses=INTAKE_ANSWERS | _NO_SOURCE)
    async def take_alerts(source: str, request: Request) -> JSONResponse:
        """Alerts of one source. 202 once they are stored; sending them again is harmless."""
        known = SOURCES.get(source)
        if known is None:
            raise HTTPException(404, f"There is no source “{source[:40]}”. Sources: {', '.join(sorted(SOURCES))}.")
        demand_tokens(tokens)
        received = Received(
            headers=request.headers, body=await limited_body(request), at=clock.now(), tokens=tokens,
            settings=settings.sources.get(source, SourceSettings()),
        )  # fmt: skip
        known.verify(received)
        batch = known.parse(received)
        taken = await service.take(source, batch.alerts, truncated=batch.truncated)
        return JSONResponse({"accepted": taken.accepted, "incidents": taken.incidents}, 202)

    return router
