"""CloudWatch alarms, by SNS or by EventBridge; and whatever else is published to the topic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html. An alarm has one name, its
ARN, and only ``ALARM`` and ``OK`` begin and end it: too few data say nothing. When it began is not said at its end.
An alarm about a band or a sum has its metrics in a list; a composite alarm has none, and names the alarms behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import sns
from bot.alerts.sources.reading import fingerprint, labels, moment_or, read_json
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token

NAME = "cloudwatch"
_CALLED = "a CloudWatch alarm"
_STATE_CHANGE = "CloudWatch Alarm State Change"
_ZONE = re.compile(r"([+-]\d\d)(\d\d)$")
#: dimensions that name what a service is called, the first that is there
_SERVICE = ("service", "Service", "ServiceName", "EndpointName", "ModelName", "FunctionName", "model")


class _Dimension(msgspec.Struct):
    name: str = ""
    value: str = ""


class _Trigger(msgspec.Struct, rename="pascal"):
    metric_name: str | None = None
    namespace: str | None = None
    dimensions: list[_Dimension] | None = None
    metrics: list[Any] | None = None


class _Child(msgspec.Struct, rename="pascal"):
    arn: str = ""


class _Alarm(msgspec.Struct, rename="pascal"):
    alarm_name: str
    new_state_value: str
    alarm_arn: str = ""
    alarm_description: str | None = None
    account: str | None = msgspec.field(name="AWSAccountId", default=None)
    new_state_reason: str = ""
    state_change_time: str = ""
    trigger: _Trigger | None = None
    triggering_children: list[_Child] | None = None


class _State(msgspec.Struct):
    value: str
    reason: str = ""
    timestamp: str = ""


class _Detail(msgspec.Struct, rename="camel"):
    alarm_name: str
    state: _State
    configuration: dict[str, Any] = {}
    alarm_tags: dict[str, Any] = {}


class _Event(msgspec.Struct, rename="kebab"):
    detail_type: str
    id: str = ""
    account: str = ""
    resources: list[str] = []
    detail: msgspec.Raw = msgspec.Raw(b"{}")


_any = msgspec.json.Decoder(Any)
_alarm = msgspec.json.Decoder(_Alarm)
_event = msgspec.json.Decoder(_Event)
_detail = msgspec.json.Decoder(_Detail)


def certificate(request: Request) -> str:
    """The address of the certificate that SNS names, after a look at topic and host; none is needed otherwise."""
    sent = sns.envelope(request.body)
    return sns.certificate_address(request, sent) if sent else ""


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. A message of SNS needs Amazon's signature, anything else a token."""
    sent = sns.envelope(request.body)
    return sns.demand_genuine(request, sent) if sent else demand_token(request)


def visit(request: Request) -> str:
    """The address that confirms the subscription of the topic."""
    sent = sns.envelope(request.body)
    return sns.subscription(sent) if sent else ""


def delivery(request: Request) -> str:
    """SNS numbers its messages, EventBridge its events."""
    if sent := sns.envelope(request.body):
        return sent.message_id
    found = read_json(request.body, _any, called=_CALLED)
    named = found.get("id") if isinstance(found, dict) else ""
    return named if isinstance(named, str) else ""


def parse(request: Request) -> Batch:
    """The alarm of the request; nothing if it is about the subscription, or about too few data. ``BadRequest``."""
    sent = sns.envelope(request.body)
    if sent is None:
        return _read(request.body, request, title="")
    if sent.type != "Notification":
        return Batch(())
    message = sent.message.encode()
    if _is_object(message):
        return _read(message, request, title=sent.subject or "", topic=sent.topic_arn)
    return Batch((_published(sent.subject or sent.message, sent.message, request, topic=sent.topic_arn),))


def _read(body: bytes, request: Request, *, title: str, topic: str = "") -> Batch:
    read = read_json(body, _any, called=_CALLED)
    if isinstance(read, dict) and "AlarmName" in read:
        return _alarm_told(read_json(body, _alarm, called=_CALLED), request)
    if isinstance(read, dict) and "detail-type" in read:
        event = read_json(body, _event, called=_CALLED)
        if event.detail_type == _STATE_CHANGE:
            return _change_told(event, read_json(bytes(event.detail), _detail, called=_CALLED), request)
        return Batch((_published(event.detail_type, ", ".join(event.resources), request, topic=topic),))
    if topic:
        return Batch((_published(title or "A message of Amazon SNS", body.decode(), request, topic=topic),))
    return _alarm_told(read_json(body, _alarm, called=_CALLED), request)


def _alarm_told(alarm: _Alarm, request: Request) -> Batch:
    trigger = alarm.trigger or _Trigger()
    metric = _stated(trigger.metrics, ("MetricStat", "Metric"))
    dimensions = {one.name: one.value for one in trigger.dimensions or []} or _named(metric.get("Dimensions"))
    said = {
        "metric": trigger.metric_name or metric.get("MetricName", ""),
        "namespace": trigger.namespace or metric.get("Namespace", ""), "account": alarm.account or "",
    }  # fmt: skip
    behind = ", ".join(child.arn.rpartition(":alarm:")[2] for child in alarm.triggering_children or ())
    state = _State(alarm.new_state_value, alarm.new_state_reason, alarm.state_change_time)
    return _told(
        alarm.alarm_name, alarm.alarm_arn, state, request, description=alarm.alarm_description or "",
        said=said, dimensions=dimensions, behind=behind,
    )  # fmt: skip


def _change_told(event: _Event, detail: _Detail, request: Request) -> Batch:
    metric = _stated(detail.configuration.get("metrics"), ("metricStat", "metric"))
    dimensions = metric.get("dimensions")
    description = detail.configuration.get("description")
    return _told(
        detail.alarm_name, next(iter(event.resources), ""), detail.state, request,
        description=description if isinstance(description, str) else "",
        said={"metric": metric.get("name", ""), "namespace": metric.get("namespace", ""), "account": event.account}
        | detail.alarm_tags,
        dimensions=dimensions if isinstance(dimensions, dict) else {},
    )  # fmt: skip


def _stated(metrics: Any, steps: tuple[str, str]) -> Mapping[str, Any]:
    """The first of the metrics that is measured and not computed of others; it stands two ``steps`` deep."""
    for found in metrics if isinstance(metrics, list) else ():
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, dict):
            return found
    return {}


def _named(dimensions: Any) -> dict[str, Any]:
    pairs = [one for one in dimensions if isinstance(one, dict)] if isinstance(dimensions, list) else []
    return {one["name"]: one.get("value") for one in pairs if isinstance(one.get("name"), str)}


def _told(
    name: str, arn: str, state: _State, request: Request, *, description: str, said: Mapping[str, Any],
    dimensions: Mapping[str, Any], behind: str = "",
) -> Batch:  # fmt: skip
    if state.value not in ("ALARM", "OK"):
        return Batch(())
    changed = moment_or(_ZONE.sub(r"\1:\2", state.timestamp), request.at)
    said_why = f"Behind it: {behind}" if behind else state.reason
    region = arn.split(":")[3] if arn.count(":") >= 6 else ""
    known = {**dimensions, **said}
    service = next((known[key] for key in _SERVICE if known.get(key)), "")
    over = state.value == "OK"
    alert = Alert(
        source=NAME, fingerprint=fingerprint(arn or name), status="resolved" if over else "firing", name=name,
        starts_at=changed, ends_at=changed if over else None, dated=False,
        labels=labels({"alertname": name, "service": service}, said, {"region": region}, dimensions),
        annotations=labels({"reason": state.reason, "description": description, "alarms": behind}),
        url=_page(name, arn, region), summary=description or said_why or name,
    )  # fmt: skip
    return Batch((alert,))


def _page(name: str, arn: str, region: str) -> str:
    """The alarm's page in the console, where its ARN says in which region that is."""
    if not arn.startswith("arn:aws:") or not re.fullmatch(r"[a-z0-9-]{1,40}", region):
        return ""
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    return f"{console}#alarmsV2:alarm/{quote(name, safe='')}"


def _published(title: str, text: str, request: Request, *, topic: str) -> Alert:
    """Something else that somebody published: it fires, until somebody looks at it."""
    name = title.strip().partition("\n")[0][:200] or "A message without a subject"
    return Alert(
        source=NAME, fingerprint=fingerprint(topic, name), status="firing", name=name, starts_at=request.at,
        labels=labels({"alertname": name, "topic": topic.rpartition(":")[2]}), summary=text.strip()[:1000],
        dated=False,
    )  # fmt: skip


def _is_object(message: bytes) -> bool:
    try:
        return isinstance(_any.decode(message), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


SOURCE = Source(verify=verify, parse=parse, delivery=delivery, certificate=certificate, visit=visit)
