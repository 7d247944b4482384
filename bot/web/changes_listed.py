"""The record of changes: ``GET /changes`` for people, ``GET /api/v1/changes`` for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.changes.change import Change
from bot.clock import Clock
from bot.errors import BadRequest
from bot.service import Service
from bot.service.listings import MOST_CHANGES
from bot.store import Listed
from bot.web.older import link_to
from bot.web.page import Page, draw
from bot.yaml.durations import seconds

#: how far back, unless said, and at most
SINCE, LONGEST = "7d", timedelta(days=3650)

Since = Annotated[str, Query(description="How far back: 90s, 30m, 1h, 7d.", max_length=20)]
#: how far back a person may look with one click
SPANS = ("7d", "30d", "365d")
Before = Annotated[int | None, Query(description="As `Link` of the page before says.", ge=1, le=2**53)]
Limit = Annotated[int, Query(description="How many, at most.", ge=1, le=MOST_CHANGES)]
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

    async def found(since: str, of: str, before: int | None, limit: int | None = None) -> Listed:
        back = seconds(since)
        if back is None or not 0 <= back <= LONGEST.total_seconds():
            raise BadRequest(f"`since={since}` is not a duration of ten years at most; write 30m, 24h or 7d")
        if "\x00" in of:  # no database has such a name, and PostgreSQL would not even look
            raise BadRequest("`service` holds a NUL, which no name does")
        ago = clock.now() - timedelta(seconds=back)
        return await service.listings.changes(since=ago, service=of, before=before, limit=limit)

    @router.get("/changes", include_in_schema=False)
    async def page(
        since: Since = SINCE, of: Annotated[str, Query(alias="service", max_length=500)] = "", before: Before = None
    ) -> Page:
        listed = await found(since, of, before)
        asked = {"since": since} | ({"service": of} if of else {})
        older = urlencode(asked | {"before": str(listed.older)}) if listed.older is not None else ""
        return Page(draw(
            "changes.html", changes=listed.changes, since=since, service=of, older=older, newest=before is None,
            asked=urlencode(asked), further=[span for span in SPANS if span != since],
        ))  # fmt: skip

    @router.get("/api/v1/changes", tags=["api"])
    async def listing(
        request: Request, since: Since = SINCE, of: Annotated[Of, Query(alias="service")] = "",
        before: Before = None, limit: Limit = MOST_CHANGES,
    ) -> Response:  # fmt: skip
        """What was released, switched or re-aliased, the last one first. `Link` leads to the next, older ones."""
        listed = await found(since, of, before, limit)
        rows = msgspec.json.encode([row(change) for change in listed.changes])
        return Response(rows, media_type="application/json", headers=link_to(request, listed.older))

    return router
