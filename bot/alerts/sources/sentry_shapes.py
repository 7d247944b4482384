"""What Sentry sends, as far as it is read: the bodies of its webhooks and of its older plugin."""

from __future__ import annotations

from datetime import datetime as Moment
from typing import Annotated, Any

import msgspec

#: some of Sentry's versions write an id as a number
Id = Annotated[str, msgspec.Meta(max_length=150)] | int


class Event(msgspec.Struct):
    """The event that made a rule ring."""

    issue_id: Id | None = None
    issue_url: str | None = None
    event_id: Id | None = None
    title: str | None = None
    level: str | None = None
    environment: str | None = None
    release: str | None = None
    platform: str | None = None
    datetime: Any = None
    tags: list[tuple[str, str | None]] | None = None
    url: str | None = None
    web_url: str | None = None


class Plugin(msgspec.Struct):
    """What the plugin *WebHooks* sends, which has no integration and signs nothing: an issue and its event."""

    id: Id
    message: str | None = None
    project_slug: str | None = None
    project: str | int | None = None
    level: str | None = None
    url: str | None = None
    triggering_rules: list[str] | None = None
    event: Event | None = None


class Kind(msgspec.Struct):
    """What tells one from the other."""

    data: Any = None
    triggering_rules: Any = None


class Project(msgspec.Struct):
    """Where an issue belongs; its slug is its name in addresses."""

    slug: str | None = None


class Issue(msgspec.Struct, rename="camel"):
    """Events that Sentry takes for the same trouble."""

    id: Id
    title: str | None = None
    short_id: str | None = None
    level: str | None = None
    priority: str | None = None
    substatus: str | None = None
    issue_category: str | None = None
    project: Project | None = None
    last_seen: Any = None
    permalink: str | None = None
    web_url: str | None = msgspec.field(name="web_url", default=None)


class Rule(msgspec.Struct):
    """What a metric alert watches."""

    name: str | None = None
    environment: str | None = None
    aggregate: str | None = None
    query: str | None = None


class Metric(msgspec.Struct):
    """Sentry's own incident of a rule about a metric."""

    id: Id
    alert_rule: Rule
    title: str | None = None
    projects: list[str] | None = None
    date_started: Moment | None = None
    date_closed: Moment | None = None


class Data(msgspec.Struct):
    """``data`` of a webhook: whichever of them it is about is there."""

    event: Event | None = None
    metric_alert: Metric | None = None
    issue: Issue | None = None
    triggered_rule: str | None = None
    description_title: str | None = None
    description_text: str | None = None
    web_url: str | None = None


class Body(msgspec.Struct):
    """A webhook of an integration."""

    action: str
    data: Data
