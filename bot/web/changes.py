"""What was changed, as pipelines say it: ``POST /changes`` and its dialects. Answered 202 after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from bot.alerts.sources import Request as Sent
from bot.alerts.sources import SourceSettings
from bot.alerts.sources.signatures import signed
from bot.alerts.sources.tokens import carries_token
from bot.changes import mlflow
from bot.changes.aliases import watched
from bot.changes.argocd import synced
from bot.changes.change import Change
from bot.changes.github import Heard, deployed
from bot.changes.posted import ChangeBody, posted
from bot.changes.settings import Sender
from bot.clock import Clock
from bot.config import Settings
from bot.errors import Unauthenticated
from bot.service import Service
from bot.web.answers import INTAKE_ANSWERS, demand_tokens
from bot.web.limits import limited_body

_CHANGE = {
    "requestBody": {
        "content": {"application/json": {"schema": msgspec.json.schema_components([ChangeBody])[1]["ChangeBody"]}}
    }
}
_UNSIGNED: dict[int | str, dict[str, Any]] = {
    401: {"description": "The signature is missing or wrong."},
    503: {"description": "No secret is set for it, or the database is away: then with Retry-After."},
}


def changes_router(service: Service, settings: Settings, clock: Clock) -> APIRouter:
    """The addresses, for an app whose error handlers turn our errors into answers."""
    router = APIRouter(tags=["intake"])
    tokens = settings.alert_tokens
    asked = watched(settings.services, settings.connectors) if settings.changes.poll is not None else ()
    polled = frozenset(one.model for one in asked)

    async def taken(changes: Sequence[Change], *, because: str = "") -> JSONResponse:
        for change in changes:
            await service.take_change(change)
        answer: dict[str, int | str] = {"accepted": len(changes)}
        return JSONResponse(answer | ({"because": because} if because else {}), 202)

    async def with_token(request: Request) -> bytes:
        demand_tokens(tokens)
        body = await limited_body(request)
        if not carries_token(request.headers, tokens):
            raise Unauthenticated("The token is missing or wrong.")
        return body

    @router.post("/changes", status_code=202, responses=INTAKE_ANSWERS, openapi_extra=_CHANGE)
    async def take_change(request: Request) -> JSONResponse:
        """A deploy, flag or alias change of a service. Sending it again with the same `id` is harmless."""
        return await taken([posted(await with_token(request), now=clock.now())])

    @router.post("/changes/argocd", status_code=202, responses=INTAKE_ANSWERS)
    async def take_argocd(request: Request) -> JSONResponse:
        """Argo CD's notification of a synced application, by the template of the reference."""
        body = await with_token(request)
        return await taken(synced(body, sender=settings.changes.argocd, now=clock.now()))

    @router.post("/changes/github", status_code=202, responses=INTAKE_ANSWERS | _UNSIGNED)
    async def take_github(request: Request) -> JSONResponse:
        """GitHub's webhook for deployment statuses or releases, signed with a secret of `changes.github.secrets`."""
        heard = _heard(request, await limited_body(request), settings.changes.github, now=clock.now())
        return await taken(heard.changes, because=heard.because)

    @router.post("/changes/mlflow", status_code=202, responses=INTAKE_ANSWERS | _UNSIGNED)
    async def take_mlflow(request: Request) -> JSONResponse:
        """MLflow's webhook for aliases, signed with a secret of `changes.mlflow.secrets`."""
        sender, now = settings.changes.mlflow, clock.now()
        body = await limited_body(request)
        _demand_secrets(sender, "changes.mlflow.secrets")
        signs = SourceSettings(secrets=sender.secrets)
        mlflow.verify(Sent(headers=request.headers, body=body, at=now, tokens=(), settings=signs))
        heard = mlflow.promoted(body, sender=sender, polled=polled, now=now)
        return await taken(heard.changes, because=heard.because)

    return router


def _demand_secrets(sender: Sender, key: str) -> None:
    if not sender.secrets:
        raise HTTPException(503, f"No secret is set here: write {key}, and give it to the webhook.")


def _heard(request: Request, body: bytes, sender: Sender, *, now: datetime) -> Heard:
    """What GitHub tells. Raises ``Unauthenticated`` for what it did not sign, ``BadRequest``, or 503."""
    _demand_secrets(sender, "changes.github.secrets")
    scheme, _, signature = request.headers.get("x-hub-signature-256", "").partition("=")
    if scheme != "sha256" or not signed(body, secrets=sender.secrets, given=[signature]):
        raise Unauthenticated("The signature is missing or wrong: give the webhook the secret that is set here.")
    form = "x-www-form-urlencoded" in request.headers.get("content-type", "")
    return deployed(body, event=request.headers.get("x-github-event", ""), sender=sender, now=now, form=form)
