"""PagerDuty's webhooks, version 3; whatever speaks its Events API v2 may send here too (``pagerduty_events``).

https://developer.pagerduty.com/docs/webhooks-overview. An event about an incident brings the whole incident, so that
any of them makes good for one that was lost. Each secret of a subscription makes one ``v1=`` of the signature. A 4xx
switches a subscription off for a day after three of them: what is about something else is taken, and says nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import pagerduty_events
from bot.alerts.sources.own import is_own_call
from bot.alerts.sources.reading import LONGEST_FINGERPRINT, LONGEST_LABEL, demand, labels, read_json, utc
from bot.alerts.sources.signatures import demand_signature
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token

NAME = "pagerduty"
SIGNATURE_HEADER = "x-pagerduty-signature"
#: the label that holds the id of PagerDuty's incident, for whoever writes a note to it
INCIDENT_LABEL = "pagerduty_incident"
_CALLED = "a PagerDuty webhook"
_VERSION = "v1="

T = TypeVar("T")


class _Named(msgspec.Struct):
    summary: str | None = None


class _Incident(msgspec.Struct):
    """``event.data``: of an incident all of it is there, of anything else we need only the type."""

    type: str = ""
    id: Annotated[str, msgspec.Meta(max_length=LONGEST_FINGERPRINT)] | None = None
    status: Literal["triggered", "acknowledged", "resolved"] | None = None
    title: str | None = None
    created_at: datetime | None = None
    number: int | None = None
    incident_key: str | None = None
    html_url: str | None = None
    service: _Named | None = None
    priority: _Named | None = None
    escalation_policy: _Named | None = None
    teams: list[_Named] | None = None
    urgency: str | None = None


class _Other(msgspec.Struct):
    type: str = ""


class _Event(msgspec.Struct):
    id: str
    event_type: str
    occurred_at: datetime
    data: msgspec.Raw


class _Body(msgspec.Struct):
    event: _Event


class _Dialect(msgspec.Struct):
    event_action: Any = None


_decoder = msgspec.json.Decoder(_Body)
_dialect = msgspec.json.Decoder(_Dialect)
_other = msgspec.json.Decoder(_Other)
_incident = msgspec.json.Decoder(_Incident)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret a webhook needs its signature; without one, a token."""
    given = request.headers.get(SIGNATURE_HEADER)
    if given is None and _is_event(request.body):
        return pagerduty_events.verify(request)
    if not request.settings.secrets:
        return demand_token(request)
    signatures = [one.strip() for one in (given or "").split(",")]
    return demand_signature(
        request, given=[one.removeprefix(_VERSION) for one in signatures if one.startswith(_VERSION)]
    )


def parse(request: Request) -> Batch:
    """The incident as an alert, or nothing if the message is about something else. Raises ``BadRequest``."""
    if _is_event(request.body):
        return pagerduty_events.parse(request)
    event = read_json(request.body, _decoder, called=_CALLED).event
    if _read(event, _other).type != "incident":
        return Batch(())
    incident = _read(event, _incident)
    if is_own_call(incident.incident_key or "", incident.title or ""):
        return Batch(())
    return Batch((_alert(event, incident),))


def delivery(request: Request) -> str:
    """The event's id: PagerDuty sends one again that was not answered in time. An event of v2 has none."""
    if _is_event(request.body):
        return ""
    return read_json(request.body, _decoder, called=_CALLED).event.id


def _alert(event: _Event, incident: _Incident) -> Alert:
    place = "$.event.data"
    over = (incident.status or event.event_type.rpartition(".")[2]) == "resolved"
    began = incident.created_at or event.occurred_at  # events of before 2022 do not say when it was created
    ended = utc(event.occurred_at, place="$.event.occurred_at", called=_CALLED)
    title = incident.title or ""
    return Alert(
        source=NAME,
        fingerprint=demand(incident.id, name="id", place=place, called=_CALLED),
        status="resolved" if over else "firing",
        name=title,
        starts_at=utc(began, place=f"{place}.created_at", called=_CALLED),
        ends_at=ended if over else None,
        labels=_labels(incident, title),
        annotations=labels({"incident_number": incident.number, "incident_key": incident.incident_key}),
        url=incident.html_url or "",
        summary=title,
        dated=incident.created_at is not None,
    )


def _labels(incident: _Incident, title: str) -> dict[str, str]:
    priority = _name(incident.priority)
    return labels(
        {
            "alertname": title[:LONGEST_LABEL], "service": _name(incident.service),
            "severity": priority or incident.urgency, "priority": priority, "urgency": incident.urgency,
            "escalation_policy": _name(incident.escalation_policy), INCIDENT_LABEL: incident.id,
            "team": _name(next(iter(incident.teams or []), None)),
        }
    )  # fmt: skip


def _name(named: _Named | None) -> str:
    return (named.summary or "") if named else ""


def _is_event(body: bytes) -> bool:
    """Whether it is an event of the Events API v2: nobody has vouched for the bytes yet."""
    try:
        return _dialect.decode(body).event_action is not None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _read(event: _Event, decoder: msgspec.json.Decoder[T]) -> T:
    return read_json(bytes(event.data), decoder, called=_CALLED, at="$.event.data")


SOURCE = Source(verify=verify, parse=parse, delivery=delivery)
