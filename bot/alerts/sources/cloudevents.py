"""CloudEvents 1.0 over HTTP: structured, in batches, or with the attributes in headers.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md. What an event's data
says is described in evenkeel.yaml as for ``generic``; paths begin at the event, ``$.data.name``. Its handshake (HTTP
1.1 Web Hooks for Event Delivery) is answered to whoever asks: what is sent afterwards needs the token all the same.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import paths
from bot.alerts.sources.described import OVER, Item, alert
from bot.alerts.sources.reading import decoded, demand_no_nul, fingerprint, may_hold_nul, read_json
from bot.alerts.sources.several import each
from bot.alerts.sources.source import Headers, Request, Source
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "cloudevents"
_CALLED = "a CloudEvent"
_PREFIX = "ce-"
_MOST_EVENTS = 10_000
#: what has a meaning in an event itself; anything else at its top is an extension
_REQUIRED = ("id", "source", "specversion", "type")
#: part of a version at the end of a type: drift.resolved.v1, incident.detected.0.2.0
_VERSION = re.compile(r"v?\d{1,9}")
_MOST_PARTS = 4
_ORIGIN = re.compile(r"[A-Za-z0-9.:_*-]{1,253}")

_decoder = msgspec.json.Decoder(Any)


def parse(request: Request) -> Batch:
    """The alerts of the request: one for each event that can be read. Raises ``BadRequest`` if none can."""
    nul = may_hold_nul(request.body)

    def read(place: int, event: Any) -> Alert:
        _demand_event(event, place + 1)
        if nul:
            demand_no_nul(event, called=_CALLED, place=f"event {place + 1}")
        return alert(_item(event), request, source=NAME, called=_CALLED)

    return each(_events(request), read)


def delivery(request: Request) -> str:
    """Source and id of the event, which no other event has; of a batch, of its events."""
    named = (event for event in _events(request) if isinstance(event, dict))
    return fingerprint(*(part for event in named for part in (event.get("source", ""), event.get("id", ""))))


def kept(request: Request) -> bytes:
    """The events with all their attributes, also those that came in headers."""
    events = _events(request)
    return request.body if not _is_binary(request) else msgspec.json.encode(events[0])


def handshake(headers: Headers) -> Mapping[str, str]:
    """Says yes to a sender that asks whether it may send."""
    origin = headers.get("webhook-request-origin", "").strip()
    if not _ORIGIN.fullmatch(origin):
        return {}
    return {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}


def _events(request: Request) -> list[Any]:
    """What should be events."""
    if _is_binary(request):
        sent: Any = [dict(_attributes(request.headers)) | _data(request)]
    else:
        read = decoded(request.body, _decoder, called=_CALLED)
        sent = read if isinstance(read, list) else [read]
    if len(sent) > _MOST_EVENTS:
        raise BadRequest(f"{len(sent)} events at once; the most are {_MOST_EVENTS}")
    paths.demand_small(sent)
    return list(sent)


def _is_binary(request: Request) -> bool:
    content = request.headers.get("content-type", "").lower()
    return f"{_PREFIX}specversion" in request.headers and not content.startswith("application/cloudevents")


def _attributes(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        if name.lower().startswith(_PREFIX):
            yield name.lower().removeprefix(_PREFIX), unquote(value.strip().strip('"'), errors="replace")


def _data(request: Request) -> dict[str, Any]:
    content = request.headers.get("content-type", "").lower().partition(";")[0].strip()
    if not request.body:
        return {}
    if not content or content.endswith(("/json", "+json")):
        return {"data": read_json(request.body, _decoder, called=_CALLED)}
    return {"data": request.body.decode("utf-8", "replace")}


def _demand_event(event: Any, place: int) -> None:
    if not isinstance(event, dict):
        raise BadRequest(f"not {_CALLED}: event {place} is no object")
    for name in _REQUIRED:
        if not isinstance(event.get(name), str) or not event[name].strip():
            raise BadRequest(f"not {_CALLED}: event {place} has no `{name}`, which every event has as a text")
    if not event["specversion"].startswith("1."):
        raise BadRequest(f"not {_CALLED} of version 1: event {place} says specversion {event['specversion'][:20]}")


def _item(event: dict[str, Any]) -> Item:
    """What the data do not say themselves the event says: its subject, else its type, is the title."""
    data = _unpacked(event)
    kind, last = _kind(event["type"])
    known = {
        "title": event.get("subject") or event["type"],
        "summary": data if isinstance(data, str) else "",
        "state": last if last.casefold() in OVER else "",
        "dedupe_key": _name(event, kind or last),
        "starts_at": event.get("time"),
        "ends_at": event.get("time"),
        "labels": {name: event[name] for name in ("source", "type", "subject") if isinstance(event.get(name), str)},
    }
    return Item(whole=event | {"data": data}, usual=data, otherwise=known, place=f"event {event['id'][:40]}")


def _kind(type_: str) -> tuple[str, str]:
    """What an event is about, and what happened: ``com.example.drift`` and ``resolved``, whatever its version."""
    kind, _, last = type_.rpartition(".")
    for _ in range(_MOST_PARTS):
        if kind and _VERSION.fullmatch(last):
            kind, _, last = kind.rpartition(".")
    return kind, last


def _name(event: dict[str, Any], kind: str) -> str:
    """What begins and what ends are two events about one subject; without a subject, about one ``kind`` of thing."""
    about = event.get("subject") if isinstance(event.get("subject"), str) else ""
    return fingerprint(event["source"], about or kind)


def _unpacked(event: dict[str, Any]) -> Any:
    packed = event.get("data_base64")
    if not isinstance(packed, str):
        return event.get("data")
    try:
        data = _decoder.decode(b64decode(packed, validate=True))
    except (NotBase64, ValueError, RecursionError):
        return None
    paths.demand_small(data)
    return data


SOURCE = Source(verify=demand_token, parse=parse, delivery=delivery, handshake=handshake, kept=kept)
