"""incident.io's webhooks (``public_incident.incident_created_v2`` and ``…_updated_v2``), signed as Svix does.

https://docs.incident.io/api-reference/webhooks. The channel may be missing from the first event: the next one has it.
Of private incidents only the id is sent, so they are attached by hand.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec

from bot.alerts.sources.signatures import demand_recent
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest, Unauthenticated
from bot.guests.tool import Heard, Invited, Tool, decoded

_CALLED = "a webhook of incident.io"
_PREFIX = "whsec_"
_MOST_SIGNATURES = 10
#: categories of statuses in which nothing has to be done any more
_OVER = frozenset({"closed", "post-incident", "declined", "merged", "canceled"})


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


_event: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    secrets = request.settings.secrets
    if not secrets:
        return demand_token(request)
    stamp, delivery = request.headers.get("webhook-timestamp", ""), request.headers.get("webhook-id", "")
    message = b".".join([delivery.encode(errors="replace"), stamp.encode(errors="replace"), request.body])
    given = request.headers.get("webhook-signature", "").split()[:_MOST_SIGNATURES]
    theirs = [one.removeprefix("v1,").encode(errors="replace") for one in given if one.startswith("v1,")]
    ours = [base64.b64encode(hmac.new(_key(one), message, hashlib.sha256).digest()) for one in secrets]
    if not any([hmac.compare_digest(one, other) for one in ours for other in theirs]):  # noqa: C419 - all, always
        raise Unauthenticated("The signature is missing or wrong: is the signing secret that of this endpoint?")
    return demand_recent(request, stamp=stamp)


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
    """The channel of the incident that was created or updated. Raises ``BadRequest``."""
    event = decoded(request.body, _event, called=_CALLED)
    kind, delivery = event.get("event_type"), request.headers.get("webhook-id", "")[:200]
    if not isinstance(kind, str) or not kind:
        raise BadRequest(f"not {_CALLED}: it has no `event_type`")
    if not kind.startswith("public_incident.incident_"):
        return Heard(because=f"nothing is done about {kind[:80]}", delivery=delivery)
    try:
        incident = msgspec.convert(event.get(kind) or {}, _Incident)
    except msgspec.ValidationError as error:
        raise BadRequest(f"not {_CALLED}: {error}") from None
    if incident.incident_status is not None and incident.incident_status.category in _OVER:
        return Heard(because="the incident is over there", delivery=delivery)
    if not incident.slack_channel_id:
        return Heard(because="it has no channel yet", delivery=delivery)
    invited = Invited(
        channel=incident.slack_channel_id, name=incident.slack_channel_name or "", title=incident.name,
        severity=incident.severity.name if incident.severity else "", url=incident.permalink or "",
        words=(incident.name, incident.slack_channel_name or ""),
    )  # fmt: skip
    return Heard(invited=invited, delivery=delivery)


TOOL = Tool(name="incident.io", verify=verify, read=read, secret=wrong_secret)
