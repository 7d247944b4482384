"""Pages for people: the incidents, one incident with its timeline, and its postmortem in every format."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.documents import Documents
from bot.incidents.stamps import clock_on, draw_stamps
from bot.incidents.timeline import timeline
from bot.service import Service
from bot.web.numbers import number_of

_MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8", "text": "text/plain; charset=utf-8"}


def pages_router(service: Service, documents: Documents) -> APIRouter:
    """The HTML pages and the documents below them."""
    router = APIRouter(tags=["pages"], include_in_schema=False)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters["stamps"] = lambda text, day: draw_stamps(text, clock_on(day))

    @router.get("/incidents")
    async def incidents() -> HTMLResponse:
        page = templates.get_template("incidents.html")
        return HTMLResponse(page.render(incidents=await service.listing()))

    @router.get("/incidents/{key}")
    async def incident(key: str) -> HTMLResponse:
        number = number_of(key)
        head = await service.incident(number)
        lines = timeline(await service.entries(number))
        return HTMLResponse(templates.get_template("incident.html").render(incident=head, lines=lines))

    @router.get("/incidents/{key}/postmortem")
    async def postmortem(key: str) -> HTMLResponse:
        return HTMLResponse(await documents.postmortem(number_of(key), "html"))

    @router.get("/incidents/{key}/postmortem.md")
    async def postmortem_markdown(key: str) -> PlainTextResponse:
        text = await documents.postmortem(number_of(key), "markdown")
        return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")

    @router.get("/incidents/{key}/postmortem.{kind}")
    async def postmortem_in(key: str, kind: str) -> Response:
        text = await documents.postmortem(number_of(key), kind)
        return Response(text, media_type={"html": "text/html; charset=utf-8"}.get(kind, _MEDIA["json"]))

    @router.get("/incidents/{key}/timeline.{kind}")
    async def incident_timeline(key: str, kind: str) -> Response:
        text = await documents.timeline(number_of(key), kind)
        return Response(text, media_type=_MEDIA[kind])

    return router
