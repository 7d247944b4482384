"""What other incident tools tell of their channels and incidents: ``POST /incidents/attach``, a webhook for each."""

from __future__ import annotations

from datetime import datetime

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from msgspec.structs import replace

from bot.alerts.sources.source import Request as Sent
from bot.alerts.sources.source import SourceSettings
from bot.alerts.sources.tokens import carries_token
from bot.clock import Clock
from bot.config import Settings
from bot.errors import BadRequest, Refused, Unauthenticated
from bot.guests import TOOLS
from bot.guests.posted import CHANNEL, AttachBody, posted
from bot.guests.tool import Heard, Invited, kept
from bot.incidents.commands.guests import AttachToChannel, HearTool
from bot.incidents.guests import service_in
from bot.service import Service
from bot.service.guests import Attached, Invitation
from bot.web.answers import INTAKE_ANSWERS, demand_tokens
from bot.web.limits import limited_body

#: who says so, where no person does
_BY = "webhook"

_BODY = {
    "requestBody": {
        "content": {"application/json": {"schema": msgspec.json.schema_components([AttachBody])[1]["AttachBody"]}}
    }
}


def attach_router(service: Service, settings: Settings, clock: Clock) -> APIRouter:
    """The addresses, for an app whose error handlers turn our errors into answers."""
    router = APIRouter(tags=["intake"])
    tokens = settings.alert_tokens

    @router.post("/incidents/attach", status_code=202, responses=INTAKE_ANSWERS, openapi_extra=_BODY)
    async def attach(request: Request) -> JSONResponse:
        """Walks an incident in one thread of the channel. Sending it again is harmless."""
        demand_tokens(tokens)
        body = await limited_body(request)
        if not carries_token(request.headers, tokens):
            raise Unauthenticated("The token is missing or wrong.")
        invited, tool = posted(body)
        invited = invited.sound
        about = invited.service or about_which(invited, settings)
        if invited.number is None and not about:
            raise BadRequest("say which `service` the channel is about, or which `incident`")
        asked = invitation(invited, about, tool=tool, severity=service.guests.hearing.ours(invited.severity))
        return _answer(await service.guests.attach(asked, by=_BY))

    @router.post("/incidents/attach/{tool}", status_code=202, responses=INTAKE_ANSWERS)
    async def attach_by(tool: str, request: Request) -> JSONResponse:
        """The webhook of another incident tool: `incident-io`, `rootly`, `firehydrant` or `pagerduty`."""
        return await _told(tool, request, service, settings, now=clock.now())

    return router


async def _told(tool: str, request: Request, service: Service, settings: Settings, *, now: datetime) -> JSONResponse:
    known, tokens = TOOLS.get(tool), settings.alert_tokens
    if known is None:
        raise HTTPException(404, f"There is no tool “{tool[:40]}”; there are {', '.join(TOOLS)}.")
    own = settings.attach.tools.get(tool, SourceSettings())
    if not own.secrets:
        demand_tokens(tokens)
    body = await limited_body(request)
    sent = Sent(headers=dict(request.headers), body=body, at=now, tokens=tokens, settings=own)
    known.verify(sent)
    heard = known.read(sent)
    delivery = f"attach/{tool}/{kept(heard.delivery, 200)}" if heard.delivery else None
    if heard.invited is None:
        return await _stands(heard, service, tool=known.name, now=now, delivery=delivery)
    if not CHANNEL.fullmatch(heard.invited.channel):
        raise BadRequest("the channel is no id of one in Slack, such as C0123ABCD")
    invited = heard.invited.sound
    about = about_which(invited, settings)
    if not about:
        because = "neither its name nor its title holds the name of a service of evenkeel.yaml"
        return await _stands(replace(heard, because=because), service, tool=known.name, now=now, delivery=delivery)
    hearing = service.guests.hearing
    said = hearing.command(heard.told.sound, tool=known.name, now=now) if heard.told is not None else None
    asked = invitation(invited, about, tool=known.name, severity=hearing.ours(invited.severity), said=said, once=True)
    try:
        return _answer(await service.guests.attach(asked, by=asked.source, delivery=delivery))
    except Refused as refused:  # sending it again would help nobody
        return _nothing(str(refused))


async def _stands(heard: Heard, service: Service, *, tool: str, now: datetime, delivery: str | None) -> JSONResponse:
    """No invitation: ours hears how the tool's incident stands, if there is one."""
    told = heard.told.sound if heard.told is not None else None
    if told is None or (told.channel and not CHANNEL.fullmatch(told.channel)):
        return _nothing(heard.because)
    incident = await service.guests.hearing.hear(told, tool=tool, now=now, delivery=delivery)
    return _nothing(heard.because) if incident is None else _answer(Attached(incident, "already"))


def about_which(invited: Invited, settings: Settings) -> str:
    """The service whose name the channel, the title or the tool's services hold, else the usual one."""
    return service_in(" / ".join(invited.words), settings.services) or settings.attach.service


def invitation(
    invited: Invited, about: str, *, tool: str, severity: str, said: HearTool | None = None, once: bool = False
) -> Invitation:
    """What is asked of the service. ``once``: not if an incident has lived in the channel before.

    ``severity`` is ours for what the tool calls it. Whoever does not name the incident does not move one that is led.
    """
    where = AttachToChannel(
        channel=invited.channel, name=invited.name, private=invited.private, tool=tool, url=invited.url,
        severity=severity,
    )  # fmt: skip
    return Invitation(
        where=where, source=tool or _BY, number=invited.number, service="" if invited.number else about,
        title=invited.title, severity=severity or None, once=once, asks=invited.number is None, said=said,
    )  # fmt: skip


def _answer(attached: Attached) -> JSONResponse:
    return JSONResponse({"incident": attached.incident.key, "how": attached.how}, 202)


def _nothing(because: str) -> JSONResponse:
    return JSONResponse({"incident": None, "because": because}, 202)
