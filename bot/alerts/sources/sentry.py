"""Sentry's webhooks of an integration: issue alerts, metric alerts, and what becomes of issues.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/. The signature is the HMAC-SHA256 of
the body with the integration's client secret; the time stands beside it and is not signed, so it keeps out old
requests only from who cannot change it. Prompts, requests and users of an event are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.reading import LONGEST_LABEL, demand, fingerprint, labels, moment_or, read_json, utc
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

#: some of Sentry's versions write an id as a number
_Id = Annotated[str, msgspec.Meta(max_length=150)] | int
#: what an action says of an issue; any other (who it was assigned to) says nothing
_ISSUES: dict[str, Literal["firing", "resolved"]] = {
    "created": "firing", "unresolved": "firing", "triggered": "firing", "resolved": "resolved",
    "archived": "resolved", "ignored": "resolved",
}  # fmt: skip
_METRICS: dict[str, Literal["firing", "resolved"]] = {
    "critical": "firing", "warning": "firing", "open": "firing", "resolved": "resolved",
}  # fmt: skip
_SEVERITIES = ("critical", "warning")


class _Event(msgspec.Struct):
    """The event that made a rule ring."""

    issue_id: _Id | None = None
    issue_url: str | None = None
    event_id: _Id | None = None
    title: str | None = None
    level: str | None = None
    environment: str | None = None
    release: str | None = None
    platform: str | None = None
    datetime: Any = None
    tags: list[tuple[str, str | None]] | None = None
    url: str | None = None
    web_url: str | None = None


class _Plugin(msgspec.Struct):
    """What the plugin *WebHooks* sends, which has no integration and signs nothing: an issue and its event."""

    id: _Id
    message: str | None = None
    project_slug: str | None = None
    project: str | int | None = None
    level: str | None = None
    url: str | None = None
    triggering_rules: list[str] | None = None
    event: _Event | None = None


class _Kind(msgspec.Struct):
    """What tells one from the other."""

    data: Any = None
    triggering_rules: Any = None


class _Project(msgspec.Struct):
    slug: str | None = None


class _Issue(msgspec.Struct, rename="camel"):
    id: _Id
    title: str | None = None
    short_id: str | None = None
    level: str | None = None
    priority: str | None = None
    substatus: str | None = None
    issue_category: str | None = None
    project: _Project | None = None
    last_seen: Any = None
    permalink: str | None = None
    web_url: str | None = msgspec.field(name="web_url", default=None)


class _Rule(msgspec.Struct):
    name: str | None = None
    environment: str | None = None
    aggregate: str | None = None
    query: str | None = None


class _Metric(msgspec.Struct):
    """Sentry's own incident of a rule about a metric."""

    id: _Id
    alert_rule: _Rule
    title: str | None = None
    projects: list[str] | None = None
    date_started: datetime | None = None
    date_closed: datetime | None = None


class _Data(msgspec.Struct):
    event: _Event | None = None
    metric_alert: _Metric | None = None
    issue: _Issue | None = None
    triggered_rule: str | None = None
    description_title: str | None = None
    description_text: str | None = None
    web_url: str | None = None


class _Body(msgspec.Struct):
    action: str
    data: _Data


_decoder = msgspec.json.Decoder(_Body)
_plugin = msgspec.json.Decoder(_Plugin)
_kind = msgspec.json.Decoder(_Kind)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature and a time of now count; without one, a token."""
    if not request.settings.secrets:
        return demand_token(request)
    demand_signature(request, given=[request.headers.get(SIGNATURE_HEADER, "")])
    return demand_recent(request, stamp=request.headers.get(TIMESTAMP_HEADER, ""))


def parse(request: Request) -> Batch:
    """The alert, or nothing if the message is about something else (an installation, a comment). ``BadRequest``."""
    kind = read_json(request.body, _kind, called=_CALLED)
    if kind.data is None and kind.triggering_rules is not None:
        return Batch((_of_plugin(read_json(request.body, _plugin, called=_CALLED), request.at),))
    body = read_json(request.body, _decoder, called=_CALLED)
    if body.data.metric_alert is not None:
        return Batch((_of_metric(body, body.data.metric_alert, request.at),))
    if body.data.issue is not None:
        status = _ISSUES.get(body.action)
        return Batch((_of_issue(body.data.issue, status, request.at),) if status else ())
    if body.data.event is not None and body.action == "triggered":
        return Batch((_of_event(body.data, body.data.event, request.at),))
    return Batch(())


def delivery(request: Request) -> str:
    """What Sentry calls the request."""
    return request.headers.get(DELIVERY_HEADER, "")


def _of_event(data: _Data, event: _Event, now: datetime) -> Alert:
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


def _of_plugin(sent: _Plugin, now: datetime) -> Alert:
    event = sent.event or _Event()
    rule, title = next(iter(sent.triggering_rules or ()), ""), sent.message or event.title or ""
    about = {"alertname": (rule or title)[:LONGEST_LABEL], "severity": sent.level, "sentry_issue": sent.id}
    more = {"environment": event.environment, "release": event.release, "platform": event.platform}
    service = {"service": sent.project_slug or sent.project}
    return Alert(
        source=NAME, fingerprint=fingerprint("issue", sent.id), status="firing", name=rule or title,
        starts_at=moment_or(event.datetime, now), labels=labels(about, _tags(event.tags or ()), more, service),
        annotations=labels({"event_id": event.event_id}), url=sent.url or "", summary=title or rule, dated=False,
    )  # fmt: skip


def _of_issue(issue: _Issue, status: Literal["firing", "resolved"], now: datetime) -> Alert:
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


def _of_metric(body: _Body, metric: _Metric, now: datetime) -> Alert:
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
