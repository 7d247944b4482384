"""Rootly's webhooks (``incident.*``): https://docs.rootly.com/configuration/webhooks.

The signature is the HMAC-SHA256 in hexadecimal of the timestamp and the body, one after the other.
"""

from __future__ import annotations

import msgspec

from bot.alerts.sources.signatures import demand_recent, demand_signature
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.guests.tool import Heard, Invited, Told, Tool, decoded, moment

_CALLED = "a webhook of Rootly"
_OVER = frozenset({"resolved", "cancelled", "closed", "completed"})
#: nothing burns any more, and nobody says that it is over
_CALMER = "mitigated"
_DELETED = "incident.deleted"
#: maintenance, which has events of its own
_SCHEDULED = "incident.scheduled."


class _Event(msgspec.Struct):
    type: str
    id: str = ""
    issued_at: str | None = None


class _Named(msgspec.Struct):
    name: str | None = None
    slug: str | None = None


class _Severity(msgspec.Struct):
    name: str | None = None


class _Incident(msgspec.Struct):
    title: str | None = None
    status: str | None = None
    url: str | None = None
    private: bool | None = None
    slack_channel_id: str | None = None
    slack_channel_name: str | None = None
    severity: _Severity | str | None = None
    services: list[_Named] | None = None


class _Body(msgspec.Struct):
    """``data`` is an incident only if the event is about one."""

    event: _Event
    data: msgspec.Raw = msgspec.Raw(b"{}")


_decoder = msgspec.json.Decoder(_Body)
_incident = msgspec.json.Decoder(_Incident)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    if not request.settings.secrets:
        return demand_token(request)
    parts = dict(
        part.strip().partition("=")[::2] for part in request.headers.get("x-rootly-signature", "").split(",")
    )
    stamp = parts.get("t", "")
    demand_signature(request, given=[parts.get("v1", "")], message=stamp.encode(errors="replace") + request.body)
    return demand_recent(request, stamp=stamp)


def read(request: Request) -> Heard:
    """The channel of the incident, and how it stands. Raises ``BadRequest``."""
    body = decoded(request.body, _decoder, called=_CALLED)
    kind, delivery = body.event.type, body.event.id[:200]
    if not kind.startswith("incident.") or kind.startswith(_SCHEDULED):
        return Heard(because=f"nothing is done about {kind[:80]}", delivery=delivery)
    incident = decoded(bytes(body.data), _incident, called=_CALLED)
    if not incident.slack_channel_id:
        return Heard(because="it has no channel yet", delivery=delivery)
    over = incident.status in _OVER or kind == _DELETED
    severity = incident.severity.name if isinstance(incident.severity, _Severity) else incident.severity
    told = Told(
        state="over" if over else "going", word="deleted" if kind == _DELETED else incident.status or "",
        said_at=moment(body.event.issued_at), severity=severity or "", channel=incident.slack_channel_id,
    )  # fmt: skip
    if over or incident.status == _CALMER:
        because = "the incident is over there" if over else "the incident is mitigated there"
        return Heard(told=told, because=because, delivery=delivery)
    services = [name for one in incident.services or [] for name in (one.slug, one.name) if name]
    invited = Invited(
        channel=incident.slack_channel_id, name=incident.slack_channel_name or "", title=incident.title or "",
        severity=severity or "", url=incident.url or "", private=bool(incident.private),
        words=(*services, incident.title or "", incident.slack_channel_name or ""),
    )  # fmt: skip
    return Heard(invited=invited, told=told, delivery=delivery)


TOOL = Tool(name="Rootly", verify=verify, read=read)
