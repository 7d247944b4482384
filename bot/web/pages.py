"""Pages for people: the incidents, one incident with its timeline, and its postmortem in every format."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from bot.documents import Documents
from bot.postmortems.exports import EXPORTS
from bot.service import Service
from bot.web.numbers import number_of
from bot.web.older import bound
from bot.web.page import Page, draw
from bot.web.plots import plot

_TIMELINES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
#: what a format is called in an address, where it is not the format's own name
_ENDINGS = {"md": "markdown"}


#: a page is read by people
_MOST_ALERTS = 100


def pages_router(service: Service, documents: Documents) -> APIRouter:
    """The HTML pages and the documents below them."""
    router = APIRouter(tags=["pages"], include_in_schema=False)

    @router.get("/")
    async def beginning() -> RedirectResponse:
        return RedirectResponse("/incidents")

    @router.get("/incidents")
    async def incidents(before: Annotated[str, Query(max_length=20)] = "") -> Page:
        page = await service.listings.incidents(before=bound(before))
        return Page(draw("incidents.html", incidents=page.incidents, older=page.older, newest=not before))

    @router.get("/incidents/{key}")
    async def incident(key: str) -> Page:
        number = number_of(key)
        head = await service.incident(number)
        alerts, lines = await service.merging.alerts(number, limit=_MOST_ALERTS), await documents.lines(number)
        plots = [drawn for chart in await documents.charts(number) if (drawn := plot(chart)) is not None]
        lead = await documents.called(head.lead)
        told = {"lead": lead, "lines": lines, "alerts": alerts, "most": _MOST_ALERTS, "plots": plots}
        return Page(draw("incident.html", incident=head, **told))

    @router.get("/incidents/{key}/postmortem")
    async def postmortem(key: str) -> Page:
        return Page(await documents.postmortem(number_of(key), "html"))

    @router.get("/incidents/{key}/postmortem.{ending}")
    async def postmortem_in(key: str, ending: str) -> Response:
        kind = _ENDINGS.get(ending, ending)
        text = await documents.postmortem(number_of(key), kind)
        return Page(text) if kind == "html" else _document(text, EXPORTS[kind].media_type)

    @router.get("/incidents/{key}/timeline.{ending}")
    async def incident_timeline(key: str, ending: str) -> Response:
        text = await documents.timeline(number_of(key), ending)
        return _document(text, _TIMELINES.get(ending, "text/plain; charset=utf-8"))

    return router


def _document(text: str, media_type: str) -> Response:
    return Response(text, media_type=media_type, headers={"X-Content-Type-Options": "nosniff"})
