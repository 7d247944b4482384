"""``/api/v1``: incidents and their timelines as JSON, for programs. Reading only; people act in Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.incidents.incident import Status
from bot.incidents.timeline import timeline
from bot.service import Service
from bot.service.listings import MOST_INCIDENTS
from bot.web.numbers import number_of
from bot.web.older import bound, link_to
from bot.web.row import row

Before = Annotated[str, Query(description="Only those older than this one: INC-201, or 201.", max_length=20)]
Limit = Annotated[int, Query(description="How many, at most.", ge=1, le=MOST_INCIDENTS)]


def _json(value: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json", headers=headers)


def api_router(service: Service) -> APIRouter:
    """The JSON addresses."""
    router = APIRouter(prefix="/api/v1", tags=["api"])

    @router.get("/incidents")
    async def incidents(
        request: Request, status: Status | None = None, before: Before = "", limit: Limit = MOST_INCIDENTS
    ) -> Response:
        """The newest incidents, the last one first; by `status` only those. `Link` leads to the next, older ones."""
        page = await service.listings.incidents(status=status, before=bound(before), limit=limit)
        older = f"INC-{page.older}" if page.older is not None else None
        return _json([row(incident) for incident in page.incidents], headers=link_to(request, older))

    @router.get("/incidents/{key}")
    async def incident(key: str) -> Response:
        """One incident as it stands: what the list says of it, and all that is not as it was in the beginning."""
        found = await service.incident(number_of(key))
        return _json(msgspec.to_builtins(row(found)) | msgspec.to_builtins(found))

    @router.get("/incidents/{key}/alerts")
    async def incident_alerts(key: str) -> Response:
        """Its alerts with count and source, those that fire first, at most 1,000; their labels stay inside."""
        return _json(await service.merging.alerts(number_of(key)))

    @router.get("/incidents/{key}/timeline")
    async def incident_timeline(key: str) -> Response:
        """Its timeline."""
        return _json(timeline(await service.entries(number_of(key))))

    return router
