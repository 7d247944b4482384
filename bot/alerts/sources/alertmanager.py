"""Alertmanager's webhook, version 4, and who sends the same shape.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. It has no signature: a token in the
``Authorization`` header says who sends. An alert without an end ends in the year 1.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.apart import MOST_ALERTS, Parts, read_apart
from bot.alerts.sources.reading import read_json, utc
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "alertmanager"
_CALLED = "an Alertmanager notification"


class _Alert(msgspec.Struct, rename="camel"):
    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    starts_at: datetime
    annotations: dict[str, str] = {}
    ends_at: datetime | None = None
    generator_url: str = msgspec.field(name="generatorURL", default="")
    fingerprint: Annotated[str, msgspec.Meta(max_length=200)] = ""


class _Body(msgspec.Struct, rename="camel"):
    alerts: Annotated[list[_Alert], msgspec.Meta(max_length=MOST_ALERTS)]
    external_url: str = msgspec.field(name="externalURL", default="")
    truncated_alerts: Annotated[int, msgspec.Meta(ge=0)] = 0


_decoder = msgspec.json.Decoder(_Body)
_one = msgspec.json.Decoder(_Alert)


def parse(request: Request) -> Batch:
    """The alerts of the request that can be read. Raises ``BadRequest`` if none can."""
    return read(request.body)


def read(body: bytes) -> Batch:
    """The alerts of a notification that can be read; why another cannot names its place: ``$.alerts[2].startsAt``.

    Raises ``BadRequest`` if none can.
    """
    try:
        read = read_json(body, _decoder, called=_CALLED)
        alerts = tuple(_alert(alert, f"$.alerts[{i}]") for i, alert in enumerate(read.alerts))
    except BadRequest:
        return read_apart(body, _one, _apart, called=_CALLED)
    return Batch(alerts=alerts, truncated=read.truncated_alerts)


def _apart(sent: _Alert, place: str, _: Parts) -> Alert:
    return _alert(sent, place)


def _alert(sent: _Alert, place: str) -> Alert:
    ends_at = sent.ends_at
    if ends_at is not None and ends_at.tzinfo is None:
        raise BadRequest(f"not {_CALLED}: a time needs a zone - at `{place}.endsAt`")
    ended = sent.status == "resolved" and ends_at is not None and ends_at.year > 1
    return Alert(
        source=NAME,
        fingerprint=sent.fingerprint or _fingerprint(sent.labels),
        status=sent.status,
        name=sent.labels.get("alertname", ""),
        starts_at=utc(sent.starts_at, place=f"{place}.startsAt", called=_CALLED),
        ends_at=utc(ends_at, place=f"{place}.endsAt", called=_CALLED) if ended and ends_at is not None else None,
        labels=sent.labels,
        annotations=sent.annotations,
        url=sent.generator_url,
        summary=sent.annotations.get("summary") or sent.annotations.get("description", ""),
    )


def _fingerprint(labels: dict[str, str]) -> str:
    """For senders that leave it out: the same labels are the same alert."""
    return hashlib.sha256(msgspec.json.encode(labels, order="deterministic")).hexdigest()[:16]


SOURCE = Source(verify=demand_token, parse=parse)
