"""Opsgenie's webhook integration.

https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/. Nothing is signed: a custom
header carries the token. Description and details come only when an alert is created, and only if the integration is
told so. Who did it is not read: it is an e-mail address.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.own import is_own_call
from bot.alerts.sources.reading import LONGEST_LABEL, demand, fingerprint, labels, read_json, tagged, unix
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token

NAME = "opsgenie"
_CALLED = "an Opsgenie notification"
#: what an action says of its alert; any other (a note, a tag, who owns it) says nothing
_ACTIONS: dict[str, Literal["firing", "resolved"]] = {
    "create": "firing", "acknowledge": "firing", "unacknowledge": "firing", "updatepriority": "firing",
    "close": "resolved", "delete": "resolved",
}  # fmt: skip


class _Alert(msgspec.Struct, rename="camel"):
    alert_id: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    alias: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    message: str | None = None
    description: str | None = None
    priority: str | int | None = None
    entity: str | None = None
    source: str | None = None
    tiny_id: str | int | None = None
    tags: list[str] | None = None
    details: dict[str, Any] | None = None
    created_at: int | float | None = None


class _Body(msgspec.Struct):
    action: str
    alert: _Alert | None = None


_decoder = msgspec.json.Decoder(_Body)


def parse(request: Request) -> Batch:
    """The alert of the notification, or nothing if its action is about something else. Raises ``BadRequest``."""
    body = read_json(request.body, _decoder, called=_CALLED)
    status = _ACTIONS.get(body.action.strip().lower())
    if status is None:
        return Batch(())
    sent = demand(body.alert, name="alert", place="$", called=_CALLED)
    if is_own_call(sent.alias or "", sent.message or ""):
        return Batch(())
    return Batch((_alert(sent, status, request),))


def _alert(sent: _Alert, status: Literal["firing", "resolved"], request: Request) -> Alert:
    created = sent.created_at
    began = unix(created, place="$.alert.createdAt", called=_CALLED) if created is not None else request.at
    title = (sent.message or "").strip()
    return Alert(
        source=NAME,
        fingerprint=fingerprint(sent.alias or demand(sent.alert_id, name="alertId", place="$.alert", called=_CALLED)),
        status=status,
        name=title,
        starts_at=began,
        ends_at=max(request.at, began) if status == "resolved" else None,
        labels=_labels(sent, title),
        annotations=_annotations(sent),
        url=_link(sent.details or {}),
        summary=title,
        dated=created is not None,
    )


def _labels(sent: _Alert, title: str) -> dict[str, str]:
    """Details count before tags, and either before the entity."""
    # 3, as some versions write P3
    priority = f"P{sent.priority}" if isinstance(sent.priority, int) else sent.priority
    about = {"alertname": title[:LONGEST_LABEL], "severity": priority, "priority": priority}
    machine = "" if "@" in (sent.source or "") else sent.source  # or the address of who wrote it
    more = {"entity": sent.entity, "instance": machine, "opsgenie_alert": sent.alert_id}
    return labels(about, sent.details or {}, tagged(sent.tags or ()), more, {"service": sent.entity})


def _annotations(sent: _Alert) -> dict[str, str]:
    said = {"description": sent.description, "tags": ", ".join(sent.tags or ()), "tiny_id": sent.tiny_id}
    return {key: str(text) for key, text in said.items() if text}


def _link(details: dict[str, Any]) -> str:
    """Where the alert came from, if its details say so: Opsgenie's own address is not among what it sends."""
    found = (details.get(key) for key in ("url", "link"))
    return next((text for text in found if isinstance(text, str) and text.startswith(("https://", "http://"))), "")


SOURCE = Source(verify=demand_token, parse=parse)
