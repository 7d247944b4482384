"""PagerDuty's webhooks, version 3 (https://developer.pagerduty.com/docs/webhooks-overview).

They name no channel, so they bring no walk: ours is known by the address of PagerDuty's incident, which whoever
attached it gave as ``url``. A 4xx switches a subscription off after a while: what is about something else is taken,
and says nothing.
"""

from __future__ import annotations

import msgspec

from bot.alerts.sources.signatures import demand_signature
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.guests.tool import Heard, Told, Tool, decoded, moment

_CALLED = "a webhook of PagerDuty"
_VERSION = "v1="


class _Named(msgspec.Struct):
    summary: str | None = None


class _Data(msgspec.Struct):
    type: str = ""
    status: str | None = None
    html_url: str | None = None
    priority: _Named | None = None


class _Event(msgspec.Struct):
    id: str = ""
    event_type: str = ""
    occurred_at: str | None = None
    data: _Data | None = None


class _Body(msgspec.Struct):
    event: _Event


_decoder = msgspec.json.Decoder(_Body)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    if not request.settings.secrets:
        return demand_token(request)
    signatures = [one.strip() for one in request.headers.get("x-pagerduty-signature", "").split(",")]
    given = [one.removeprefix(_VERSION) for one in signatures if one.startswith(_VERSION)]
    return demand_signature(request, given=given)


def read(request: Request) -> Heard:
    """How the incident stands. Raises ``BadRequest``."""
    event = decoded(request.body, _decoder, called=_CALLED).event
    data, delivery = event.data, event.id[:200]
    if data is None or data.type != "incident" or not data.html_url:
        return Heard(because=f"nothing is done about {event.event_type[:80] or 'what is no incident'}")
    over = (data.status or event.event_type.rpartition(".")[2]) == "resolved"
    told = Told(
        state="over" if over else "going", word=data.status or "", said_at=moment(event.occurred_at),
        severity=(data.priority.summary or "") if data.priority else "", url=data.html_url,
    )  # fmt: skip
    return Heard(told=told, because="no incident of ours goes along with it", delivery=delivery)


TOOL = Tool(name="PagerDuty", verify=verify, read=read)
