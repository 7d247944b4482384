"""incident.io's webhooks about public incidents, signed as Svix does (https://docs.svix.com/receiving).

https://docs.incident.io/api-reference/webhooks. ``incident_created_v2`` and ``incident_updated_v2`` hold the incident
itself, ``incident_status_updated_v2`` holds it under ``incident``. The channel may be missing from the first event:
the next one has it. Of private incidents only the id is sent, so they are attached by hand.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from bot.alerts.sources.signatures import demand_standard
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest
from bot.guests.tool import Heard, Invited, Told, Tool, decoded, moment

_CALLED = "a webhook of incident.io"
_PREFIX = "whsec_"
_OURS = "public_incident.incident_"
#: categories of statuses in which nothing has to be done any more, and how people call it
_OVER = {
    "learning": "resolved", "post-incident": "resolved", "closed": "closed", "declined": "declined",
    "merged": "merged", "canceled": "cancelled",
}  # fmt: skip


class _Named(msgspec.Struct):
    name: str = ""
    category: str = ""


class _Incident(msgspec.Struct):
    name: str = ""
    permalink: str | None = None
    slack_channel_id: str | None = None
    slack_channel_name: str | None = None
    severity: _Named | None = None
    incident_status: _Named | None = None
    updated_at: str | None = None


class _StatusUpdated(msgspec.Struct):
    incident: _Incident
    new_status: _Named | None = None


_event: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    secrets = request.settings.secrets
    if not secrets:
        return demand_token(request)
    return demand_standard(
        request, delivery=_header(request, "id"), stamp=_header(request, "timestamp"),
        given=_header(request, "signature"), keys=[_key(one) for one in secrets],
    )  # fmt: skip


def _header(request: Request, name: str) -> str:
    """Svix sends its headers under the standard's names, or under its own."""
    return request.headers.get(f"webhook-{name}") or request.headers.get(f"svix-{name}", "")


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)


def wrong_secret(secret: str) -> str:
    """What is wrong with a secret; empty if nothing is."""
    try:
        key = _key(secret)
    except (binascii.Error, ValueError):
        key = b""
    return "" if key else "is no signing secret of incident.io, which reads whsec_…"


def read(request: Request) -> Heard:
    """The channel of the incident that was created or updated, and how it stands. Raises ``BadRequest``."""
    event = decoded(request.body, _event, called=_CALLED)
    kind, delivery = event.get("event_type"), _header(request, "id")[:200]
    if not isinstance(kind, str) or not kind:
        raise BadRequest(f"not {_CALLED}: it has no `event_type`")
    if not kind.startswith(_OURS):
        return Heard(because=f"nothing is done about {kind[:80]}", delivery=delivery)
    incident, status = _incident(kind, event.get(kind) or {})
    if not incident.slack_channel_id:
        return Heard(because="it has no channel yet", delivery=delivery)
    over, severity = _OVER.get(status.category), incident.severity.name if incident.severity else ""
    told = Told(
        state="over" if over else "going", word=over or status.name, said_at=moment(incident.updated_at),
        severity=severity, channel=incident.slack_channel_id,
    )  # fmt: skip
    if over:
        return Heard(told=told, because="the incident is over there", delivery=delivery)
    invited = Invited(
        channel=incident.slack_channel_id, name=incident.slack_channel_name or "", title=incident.name,
        severity=severity, url=incident.permalink or "",
        words=(incident.name, incident.slack_channel_name or ""),
    )  # fmt: skip
    return Heard(invited=invited, told=told, delivery=delivery)


def _incident(kind: str, body: Any) -> tuple[_Incident, _Named]:
    """The incident, and its status. Raises ``BadRequest``."""
    try:
        if kind.startswith(f"{_OURS}status_updated"):
            updated = msgspec.convert(body, _StatusUpdated)
            return updated.incident, updated.new_status or updated.incident.incident_status or _Named()
        incident = msgspec.convert(body, _Incident)
    except msgspec.ValidationError as error:
        raise BadRequest(f"not {_CALLED}: {error}") from None
    return incident, incident.incident_status or _Named()


TOOL = Tool(name="incident.io", verify=verify, read=read, secret=wrong_secret)
