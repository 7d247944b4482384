"""Alive, ready, and in figures: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


class Check(msgspec.Struct, frozen=True):
    """One thing that has to work. ``text`` is a sentence, with the cure if it does not."""

    ok: bool
    text: str
    needed: bool = True  # whether the program is not ready without it


class Health(msgspec.Struct, frozen=True):
    """``checks`` by name, asked anew at every request; ``registry`` holds the metrics."""

    checks: Mapping[str, Callable[[], Awaitable[Check]]]
    registry: CollectorRegistry


def health_router(health: Health) -> APIRouter:
    """The three addresses."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/readyz", responses={503: {"description": "Something that is needed does not work."}})
    async def readyz() -> JSONResponse:
        """200 if everything needed works, else 503; each check with a sentence."""
        answers = await asyncio.gather(*(ask() for ask in health.checks.values()))
        found = dict(zip(health.checks, answers, strict=True))
        ready = all(check.ok for check in found.values() if check.needed)
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {name: {"ok": check.ok, "text": check.text} for name, check in found.items()},
        }
        return JSONResponse(body, 200 if ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(health.registry), media_type=CONTENT_TYPE_LATEST)

    return router
