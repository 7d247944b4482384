"""FireHydrant's webhooks about incidents: https://docs.firehydrant.com/docs/webhooks.

The signature is the HMAC-SHA256 of the body in hexadecimal, in the header ``fh-signature``. It signs no time, so an
old request can be repeated; a channel in which an incident has lived is left alone, and what is older than the last
update is not heard, so nothing comes of that. Times are of whole seconds ("2026-11-21 03:05:00 UTC").
"""

from __future__ import annotations

import msgspec

from bot.alerts.sources.signatures import demand_signature
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.guests.tool import Heard, Invited, Told, Tool, decoded, moment

_CALLED = "a webhook of FireHydrant"
_OVER = frozenset({
    "resolved", "postmortem_started", "postmortem_completed", "retrospective_started", "retrospective_completed",
    "closed", "cancelled",
})  # fmt: skip
#: nothing burns any more, and nobody says that it is over
_CALMER = "mitigated"


class _Event(msgspec.Struct):
    resource_type: str = ""
    operation: str = ""


class _Channel(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Severity(msgspec.Struct):
    slug: str | None = None


class _Impact(msgspec.Struct):
    name: str | None = None


class _Incident(msgspec.Struct):
    name: str | None = None
    severity: _Severity | str | None = None
    current_milestone: str | None = None
    incident_url: str | None = None
    private_status_page_url: str | None = None
    updated_at: str | None = None
    incident_channels: list[_Channel] | None = None
    impacts: list[_Impact] | None = None


class _Data(msgspec.Struct):
    incident: _Incident | None = None


class _Body(msgspec.Struct):
    data: _Data
    event: _Event


_decoder = msgspec.json.Decoder(_Body)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    if not request.settings.secrets:
        return demand_token(request)
    return demand_signature(request, given=[request.headers.get("fh-signature", "")])


def read(request: Request) -> Heard:
    """The first channel of the incident, and how it stands. Raises ``BadRequest``."""
    body = decoded(request.body, _decoder, called=_CALLED)
    incident = body.data.incident
    if incident is None:
        return Heard(because=f"nothing is done about {body.event.resource_type[:80] or 'what is no incident'}")
    channel = next((one for one in incident.incident_channels or [] if one.id), None)
    if channel is None:
        return Heard(because="it has no channel yet")
    over, severity = incident.current_milestone in _OVER, _severity(incident)
    told = Told(
        state="over" if over else "going", word=(incident.current_milestone or "").replace("_", " "),
        said_at=moment(incident.updated_at), severity=severity, channel=channel.id,
    )  # fmt: skip
    if over or incident.current_milestone == _CALMER:
        return Heard(told=told, because=f"the incident is {'over' if over else 'mitigated'} there")
    impacts = [one.name for one in incident.impacts or [] if one.name]
    invited = Invited(
        channel=channel.id, name=channel.name, title=incident.name or "", severity=severity,
        url=incident.incident_url or incident.private_status_page_url or "",
        words=(*impacts, incident.name or "", channel.name),
    )  # fmt: skip
    return Heard(invited=invited, told=told)


def _severity(incident: _Incident) -> str:
    """``SEV2``: a word by itself, or in an object beside what it means."""
    said = incident.severity
    return (said.slug if isinstance(said, _Severity) else said) or ""


TOOL = Tool(name="FireHydrant", verify=verify, read=read)
