"""The Events API v2 of PagerDuty, for senders that know nothing else: they get our address in place of theirs.

https://developer.pagerduty.com/docs/events-api-v2-overview. Nothing is signed: ``routing_key`` in the body is the
credential. ``dedup_key`` names the alert until it is resolved; without one every trigger is another alert. Nobody
says when an alert began, so it begins when it is heard of.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.reading import LONGEST_LABEL, demand, fingerprint, labels, moment_or, read_json
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import carries_token, opening
from bot.errors import Unauthenticated

_SOURCE = "pagerduty"
_CALLED = "an event of PagerDuty's Events API v2"
_Key = Annotated[str, msgspec.Meta(max_length=255)]


_NOTHING = msgspec.Raw(b"null")


class _Payload(msgspec.Struct):
    summary: str
    source: str
    severity: Literal["critical", "error", "warning", "info"]
    timestamp: Any = None
    component: str | None = None
    group: str | None = None
    kind: str | None = msgspec.field(name="class", default=None)
    custom_details: Any = None


class _Link(msgspec.Struct):
    href: str | None = None


class _Event(msgspec.Struct):
    event_action: Literal["trigger", "acknowledge", "resolve"]
    dedup_key: _Key | None = None
    payload: msgspec.Raw = _NOTHING
    links: list[_Link] | None = None
    client: str | None = None
    client_url: str | None = None


class _Credential(msgspec.Struct):
    routing_key: str = ""


_event = msgspec.json.Decoder(_Event)
_payload = msgspec.json.Decoder(_Payload | None)
_credential = msgspec.json.Decoder(_Credential)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated`` unless ``routing_key``, or a token in the header, opens this source."""
    try:
        given = _credential.decode(request.body).routing_key.encode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        given = b""
    matches = [hmac.compare_digest(given, known.encode()) for known in opening(request) if known]
    if not any(matches) and not carries_token(request.headers, opening(request)):
        raise Unauthenticated("The routing_key is missing or wrong.")


def parse(request: Request) -> Batch:
    """The alert of the event; an acknowledgement says nothing about whether it fires. Raises ``BadRequest``."""
    event = read_json(request.body, _event, called=_CALLED)
    if event.event_action == "acknowledge":
        demand(event.dedup_key, name="dedup_key", place="$", called=_CALLED)
        return Batch(())
    if event.event_action == "resolve":  # whatever its payload is: the key is all that counts
        return Batch((_resolved(event, request),))
    sent = read_json(bytes(event.payload), _payload, called=_CALLED, at="$.payload")
    payload = demand(sent, name="payload", place="$", called=_CALLED)
    return Batch((_triggered(event, payload, request),))


def _triggered(event: _Event, payload: _Payload, request: Request) -> Alert:
    said = payload.custom_details if isinstance(payload.custom_details, dict) else {}
    texts = {name: text.strip() for name, text in said.items() if isinstance(text, str) and "\n" in text.strip()}
    details = {name: value for name, value in said.items() if name not in texts}  # a label is one line
    about = {
        "alertname": (payload.kind or payload.summary)[:LONGEST_LABEL], "severity": payload.severity,
        "instance": payload.source, "component": payload.component, "group": payload.group, "class": payload.kind,
    }  # fmt: skip
    service = {"service": payload.component or payload.group or payload.source}
    return Alert(
        source=_SOURCE,
        fingerprint=fingerprint(event.dedup_key or _unlike_any_other(request)),
        status="firing",
        name=about["alertname"] or "",
        starts_at=moment_or(payload.timestamp, request.at),
        labels=labels(about, details, service),
        annotations={**labels({"client": event.client}), **texts},
        url=next((link.href for link in event.links or [] if link.href), "") or event.client_url or "",
        summary=payload.summary,
        dated=False,
    )


def _resolved(event: _Event, request: Request) -> Alert:
    key = demand(event.dedup_key, name="dedup_key", place="$", called=_CALLED)
    return Alert(
        source=_SOURCE, fingerprint=fingerprint(key), status="resolved", name="", starts_at=request.at,
        ends_at=request.at, dated=False,
    )  # fmt: skip


def _unlike_any_other(request: Request) -> str:
    """Without a key every trigger is another alert, unless it is the same one within a minute: a repetition."""
    return hashlib.sha256(request.at.isoformat(timespec="minutes").encode() + request.body).hexdigest()
