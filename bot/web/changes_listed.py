"""The record of changes: ``GET /changes`` for people, ``GET /api/v1/changes`` for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.changes.change import Change
from bot.clock import Clock
from bot.errors import BadRequest
from bot.service import Service
from bot.web.page import Page, draw
from bot.yaml.durations import seconds

#: how far back, unless said, and at most
SINCE, LONGEST = "7d", timedelta(days=3650)

Since = Annotated[str, Query(description="How far back: 90s, 30m, 1h, 7d.", max_length=20)]
Of = Annotated[str, Query(description="Only of this service.", max_length=500)]


class ChangeRow(msgspec.Struct, frozen=True):
    """One change in a listing."""

    at: str
    service: str
    kind: str
    version: str
    previous: str
    about: str
    by: str
    url: str
    source: str


def row(change: Change) -> ChangeRow:
    """The change as a listing shows it."""
    return ChangeRow(
        at=change.at.isoformat(), service=change.service, kind=change.kind, version=change.version,
        previous=change.previous, about=change.about, by=change.by, url=change.url, source=change.source,
    )  # fmt: skip


def changes_listed_router(service: Service, clock: Clock) -> APIRouter:
    """The two addresses."""
    router = APIRouter()

    async def found(since: str, of: str) -> list[Change]:
        back = seconds(since)
        if back is None or not 0 <= back <= LONGEST.total_seconds():
            raise BadRequest(f"`since={since}` is not a duration of ten years at most; write 30m, 24h or 7d")
        if "\x00" in of:  # no database has such a name, and PostgreSQL would not even look
            raise BadRequest("`service` holds a NUL, which no name does")
        return await service.changes(since=clock.now() - timedelta(seconds=back), service=of)

    @router.get("/changes", include_in_schema=False)
    async def page(since: Since = SINCE, of: Annotated[str, Query(alias="service", max_length=500)] = "") -> Page:
        return Page(draw("changes.html", changes=await found(since, of), since=since, service=of))

    @router.get("/api/v1/changes", tags=["api"])
    async def listing(since: Since = SINCE, of: Annotated[Of, Query(alias="service")] = "") -> Response:
        """What was released, switched or re-aliased, the last one first, 500 at most."""
        rows = [row(change) for change in await found(since, of)]
        return Response(msgspec.json.encode(rows), media_type="application/json")

    return router
