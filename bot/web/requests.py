"""Requests that were kept: ``GET /requests/{number}`` and ``POST /requests/{number}``, which takes one in again."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.alerts.sources.tokens import carries_token
from bot.config import Settings
from bot.errors import Unauthenticated
from bot.service import Service
from bot.web.answers import INTAKE_ANSWERS, demand_tokens, stored

_ANSWERS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such request, or it was erased after `keep_payloads`."},
    **{code: said for code, said in INTAKE_ANSWERS.items() if code in (400, 401, 503)},
}


def requests_router(service: Service, settings: Settings) -> APIRouter:
    """The addresses; each wants one of the intake's tokens."""
    router = APIRouter(tags=["intake"])

    def demand(request: Request) -> None:
        demand_tokens(settings.alert_tokens)
        if not carries_token(request.headers, settings.alert_tokens):
            raise Unauthenticated("The token is missing or wrong.")

    @router.get("/requests/{number}", responses=_ANSWERS)
    async def kept_request(number: int, request: Request) -> JSONResponse:
        """The request as it was received, without secrets."""
        demand(request)
        return JSONResponse(msgspec.to_builtins(await service.requests.get(number)))

    @router.post("/requests/{number}", status_code=202, responses=_ANSWERS)
    async def take_again(number: int, request: Request) -> JSONResponse:
        """Takes the request in once more, with the configuration of today."""
        demand(request)
        return stored(*await service.requests.again(number))

    return router
