"""Sentry's webhooks of an integration: issue alerts, metric alerts, and what becomes of issues.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/. The signature is the HMAC-SHA256 of
the body with the integration's client secret; the time stands beside it and is not signed, so it keeps out old
requests only from who cannot change it. Prompts, requests and users of an event are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.reading import (
    LONGEST_LABEL,
    decoded,
    demand,
    demand_no_nul,
    fingerprint,
    labels,
    may_hold_nul,
    moment_or,
    utc,
)
from bot.alerts.sources.sentry_shapes import Body, Data, Event, Issue, Kind, Metric, Plugin
from bot.alerts.sources.signatures import demand_recent, demand_signature
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "sentry"
SIGNATURE_HEADER = "sentry-hook-signature"
TIMESTAMP_HEADER = "sentry-hook-timestamp"
DELIVERY_HEADER = "request-id"
_CALLED = "a Sentry webhook"
_PROJECT = re.compile(r"/projects/[^/]+/([^/]+)/")
_ISSUE = re.compile(r"/issues/(\d{1,30})/")
#: tags that are about a person
_PERSONAL = ("user", "ip", "email", "url", "transaction")

T = TypeVar("T")

#: what an action says of an issue; any other (who it was assigned to) says nothing
_ISSUES: dict[str, Literal["firing", "resolved"]] = {
    "created": "firing", "unresolved": "firing", "triggered": "firing", "resolved": "resolved",
    "archived": "resolved", "ignored": "resolved",
}  # fmt: skip
_METRICS: dict[str, Literal["firing", "resolved"]] = {
    "critical": "firing", "warning": "firing", "open": "firing", "resolved": "resolved",
}  # fmt: skip
_SEVERITIES = ("critical", "warning")


_decoder = msgspec.json.Decoder(Body)
_plugin = msgspec.json.Decoder(Plugin)
_kind = msgspec.json.Decoder(Kind)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature and a time of now count; without one, a token."""
    if not request.settings.secrets:
        return demand_token(request)
    demand_signature(request, given=[request.headers.get(SIGNATURE_HEADER, "")])
    return demand_recent(request, stamp=request.headers.get(TIMESTAMP_HEADER, ""))


def parse(request: Request) -> Batch:
    """The alert, or nothing if the message is about something else (an installation, a comment). ``BadRequest``."""
    kind = decoded(request.body, _kind, called=_CALLED)
    if kind.data is None and kind.triggering_rules is not None:
        return Batch((_of_plugin(_read(request.body, _plugin), request.at),))
    body = _read(request.body, _decoder)
    if body.data.metric_alert is not None:
        return Batch((_of_metric(body, body.data.metric_alert, request.at),))
    if body.data.issue is not None:
        status = _ISSUES.get(body.action)
        return Batch((_of_issue(body.data.issue, status, request.at),) if status else ())
    if body.data.event is not None and body.action == "triggered":
        return Batch((_of_event(body.data, body.data.event, request.at),))
    return Batch(())


def _read(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """What is read of the body; a NUL in a stack trace or a request, which are not read, keeps nobody from it."""
    read = decoded(body, decoder, called=_CALLED)
    if may_hold_nul(body):
        demand_no_nul(read, called=_CALLED, place="$")
    return read


def delivery(request: Request) -> str:
    """What Sentry calls the request."""
    return request.headers.get(DELIVERY_HEADER, "")


def _of_event(data: Data, event: Event, now: datetime) -> Alert:
    linked = _ISSUE.search(event.issue_url or "")  # events of before 2021 have no more
    issue = event.issue_id or (linked[1] if linked else None)
    issue = demand(issue, name="issue_id", place="$.data.event", called=_CALLED)
    rule, title = data.triggered_rule or "", event.title or ""
    project = _PROJECT.search(event.url or "")
    about = {"alertname": (rule or title)[:LONGEST_LABEL], "severity": event.level, "sentry_issue": issue}
    more = {"environment": event.environment, "release": event.release, "platform": event.platform}
    service = {"service": project[1] if project else ""}
    return Alert(
        source=NAME, fingerprint=fingerprint("issue", issue), status="firing", name=rule or title,
        starts_at=moment_or(event.datetime, now), labels=labels(about, _tags(event.tags or ()), more, service),
        annotations=labels({"event_id": event.event_id}), url=event.web_url or "", summary=title or rule, dated=False,
    )  # fmt: skip


def _of_plugin(sent: Plugin, now: datetime) -> Alert:
    event = sent.event or Event()
    rule, title = next(iter(sent.triggering_rules or ()), ""), sent.message or event.title or ""
    about = {"alertname": (rule or title)[:LONGEST_LABEL], "severity": sent.level, "sentry_issue": sent.id}
    more = {"environment": event.environment, "release": event.release, "platform": event.platform}
    service = {"service": sent.project_slug or sent.project}
    return Alert(
        source=NAME, fingerprint=fingerprint("issue", sent.id), status="firing", name=rule or title,
        starts_at=moment_or(event.datetime, now), labels=labels(about, _tags(event.tags or ()), more, service),
        annotations=labels({"event_id": event.event_id}), url=sent.url or "", summary=title or rule, dated=False,
    )  # fmt: skip


def _of_issue(issue: Issue, status: Literal["firing", "resolved"], now: datetime) -> Alert:
    about = {
        "alertname": (issue.title or "")[:LONGEST_LABEL], "severity": issue.priority or issue.level,
        "service": issue.project.slug if issue.project else "", "level": issue.level, "sentry_issue": issue.id,
        "substatus": issue.substatus, "category": issue.issue_category,
    }  # fmt: skip
    return Alert(
        source=NAME, fingerprint=fingerprint("issue", issue.id), status=status, name=issue.title or "",
        starts_at=moment_or(issue.last_seen, now) if status == "firing" else now,
        ends_at=now if status == "resolved" else None, labels=labels(about),
        annotations=labels({"short_id": issue.short_id}), url=issue.web_url or issue.permalink or "",
        summary=issue.title or "", dated=False,
    )  # fmt: skip


def _of_metric(body: Body, metric: Metric, now: datetime) -> Alert:
    status = _METRICS.get(body.action)
    if status is None:
        known = ", ".join(_METRICS)
        raise BadRequest(f"not {_CALLED}: the action of a metric alert is one of {known} - at `$.action`")
    data, rule = body.data, metric.alert_rule
    name, began = rule.name or metric.title or "", metric.date_started
    about = {
        "alertname": name[:LONGEST_LABEL], "severity": body.action if body.action in _SEVERITIES else "",
        "service": next(iter(metric.projects or ()), ""), "environment": rule.environment,
        "aggregate": rule.aggregate, "query": rule.query, "sentry_alert": metric.id,
    }  # fmt: skip
    place = "$.data.metric_alert.date_"
    ended = utc(metric.date_closed, place=f"{place}closed", called=_CALLED) if metric.date_closed else now
    return Alert(
        source=NAME, fingerprint=fingerprint("metric", metric.id), status=status, name=name,
        starts_at=utc(began, place=f"{place}started", called=_CALLED) if began else now,
        ends_at=ended if status == "resolved" else None, labels=labels(about), url=data.web_url or "",
        summary=data.description_text or data.description_title or name, dated=began is not None,
    )  # fmt: skip


def _tags(tags: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """What the application said of itself, without whom it happened to."""
    return {
        name: value for name, value in tags if value and name.partition(".")[0] not in _PERSONAL and name != "level"
    }


SOURCE = Source(verify=verify, parse=parse, delivery=delivery)
