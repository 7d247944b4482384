"""Grafana's webhook contact point (Grafana 8 and later), which sends what Alertmanager sends and more.

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/.
Since Grafana 12 it can sign: the HMAC-SHA256 of the body in hexadecimal, without a prefix, in a header of one's
choice. If a header for the time is named too, the time and a colon stand before the body that is signed. What older
Grafanas send is read by ``grafana_legacy``. A rule whose query brings nothing, or fails, is told as an alert of
another name with the rule's own annotations: what they say is then not known.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import grafana_legacy
from bot.alerts.sources.apart import MOST_ALERTS, Parts, read_apart
from bot.alerts.sources.reading import LONGEST_FINGERPRINT, demand, read_json, utc
from bot.alerts.sources.signatures import verify_by_header
from bot.alerts.sources.source import Request, Source
from bot.errors import BadRequest

NAME = "grafana"
SIGNATURE_HEADER = "x-grafana-alerting-signature"
_CALLED = "a Grafana notification"
#: what Grafana calls the alert of a rule that it could not evaluate, whose name is then the label ``rulename``
_UNKNOWN = {
    "DatasourceNoData": "No data for “{rule}”: nobody knows whether it fires",
    "DatasourceError": "The query of “{rule}” fails: nobody knows whether it fires",
}


class _Alert(msgspec.Struct, rename="camel"):
    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    starts_at: datetime
    annotations: dict[str, str] | None = None
    ends_at: datetime | None = None
    values: dict[str, Any] | None = None
    fingerprint: Annotated[str, msgspec.Meta(max_length=LONGEST_FINGERPRINT)] = ""
    generator_url: str | None = msgspec.field(name="generatorURL", default=None)
    silence_url: str | None = msgspec.field(name="silenceURL", default=None)
    dashboard_url: str | None = msgspec.field(name="dashboardURL", default=None)
    panel_url: str | None = msgspec.field(name="panelURL", default=None)
    image_url: str | None = msgspec.field(name="imageURL", default=None)


class _Body(msgspec.Struct, rename="camel"):
    alerts: Annotated[list[_Alert], msgspec.Meta(max_length=MOST_ALERTS)] | None = None
    rule_name: Any = None
    external_url: str | None = msgspec.field(name="externalURL", default=None)
    truncated_alerts: Annotated[int, msgspec.Meta(ge=0)] = 0


_decoder = msgspec.json.Decoder(_Body)
_one = msgspec.json.Decoder(_Alert)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    verify_by_header(request, header=SIGNATURE_HEADER)


def parse(request: Request) -> Batch:
    """The alerts of the request that can be read. Raises ``BadRequest`` if none can."""
    try:
        read = read_json(request.body, _decoder, called=_CALLED)
        alerts = tuple(_alert(alert, f"$.alerts[{i}]", read) for i, alert in enumerate(read.alerts or ()))
    except BadRequest:
        return read_apart(request.body, _one, _alert, called=_CALLED)
    if read.alerts is None and read.rule_name is not None:
        return Batch(grafana_legacy.read(request, source=NAME))
    demand(read.alerts, name="alerts", place="$", called=_CALLED)
    return Batch(alerts=alerts, truncated=read.truncated_alerts)


def _alert(sent: _Alert, place: str, body: _Body | Parts) -> Alert:
    annotations = _annotations(sent)
    ends_at = utc(sent.ends_at, place=f"{place}.endsAt", called=_CALLED) if _ended(sent) and sent.ends_at else None
    return Alert(
        source=NAME,
        fingerprint=sent.fingerprint or _hashed(sent.labels),
        status=sent.status,
        name=sent.labels.get("alertname", ""),
        starts_at=utc(sent.starts_at, place=f"{place}.startsAt", called=_CALLED),
        ends_at=ends_at,
        labels=sent.labels,
        annotations=annotations,
        url=sent.panel_url or sent.dashboard_url or sent.generator_url or body.external_url or "",
        summary=_unknown(sent.labels) or annotations.get("summary") or annotations.get("description", ""),
    )


def _unknown(labels: dict[str, str]) -> str:
    """The sentence for a rule that could not be evaluated; its own would claim what nobody saw."""
    said, rule = _UNKNOWN.get(labels.get("alertname", "")), labels.get("rulename", "")
    return said.format(rule=rule) if said and rule else ""


def _ended(sent: _Alert) -> bool:
    """An end in the year 1 is none."""
    return sent.status == "resolved" and sent.ends_at is not None and sent.ends_at.year > 1


def _annotations(sent: _Alert) -> dict[str, str]:
    """Those of the rule, and what Grafana says beside them."""
    more = {
        "values": ", ".join(f"{k}={v:g}" for k, v in (sent.values or {}).items() if type(v) in (int, float)),
        "silence_url": sent.silence_url, "dashboard_url": sent.dashboard_url, "panel_url": sent.panel_url,
        "rule_url": sent.generator_url, "image_url": sent.image_url,
    }  # fmt: skip
    return {key: text for key, text in more.items() if text} | (sent.annotations or {})


def _hashed(labels: dict[str, str]) -> str:
    """For senders that leave the fingerprint out: the same labels are the same alert."""
    return hashlib.sha256(msgspec.json.encode(labels, order="deterministic")).hexdigest()[:16]


SOURCE = Source(verify=verify, parse=parse)
