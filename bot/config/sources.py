"""How alerts are let in: ``sources`` of evenkeel.yaml, by the name of the source."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.alerts.sources.source import SourceSettings
from bot.config.mapping import read_mapping, read_values
from bot.config.secret import Secret
from bot.yaml.reader import Section, suggestion

_SIGNED_BY_CHOICE = ("secrets", "signature_header", "timestamp_header", "window")

#: The keys that a source has a use for.
KEYS: Mapping[str, tuple[str, ...]] = {
    "alertmanager": ("secrets",),
    "grafana": _SIGNED_BY_CHOICE,
    "pagerduty": ("secrets",),
    "datadog": ("secrets",),
    "sentry": ("secrets", "window"),
    "cloudwatch": ("topics", "window"),
    "opsgenie": ("secrets",),
    "cloudevents": ("secrets", "mapping", "values"),
    "evidently": ("secrets",),
    "generic": (*_SIGNED_BY_CHOICE, "mapping", "values"),
}

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d+:[A-Za-z0-9_.-]+")
_HEADER = re.compile(r"[A-Za-z0-9_-]{1,80}")


def read_sources(section: Section) -> dict[str, SourceSettings]:
    """The settings of each source that the file speaks of; every problem is noted in the section."""
    found = {}
    for name, inner in section.sections("sources", "source"):
        if name not in KEYS:
            hint = suggestion(name, KEYS) or f"; one of {', '.join(sorted(KEYS))}"
            section.problems.add(inner.place, f"there is no source {name!r}{hint}")
            continue
        found[name] = _source(inner, KEYS[name])
        inner.close()
    return found


def _source(section: Section, keys: tuple[str, ...]) -> SourceSettings:
    unless_said = SourceSettings()
    return SourceSettings(
        secrets=_secrets(section) if "secrets" in keys else (),
        signature_header=_header(section, "signature_header") if "signature_header" in keys else "",
        timestamp_header=_header(section, "timestamp_header") if "timestamp_header" in keys else "",
        window=section.duration("window", unless_said.window) if "window" in keys else unless_said.window,
        topics=_topics(section) if "topics" in keys else (),
        mapping=read_mapping(section) if "mapping" in keys else {},
        values=read_values(section) if "values" in keys else {},
    )


def _topics(section: Section) -> tuple[str, ...]:
    """A topic that is none would shut out every message, and nobody would know why before the first alarm."""
    found = section.placed_texts("topics")
    for at, topic in found:
        if not _TOPIC.fullmatch(topic):
            section.problems.add(
                at, f"{topic[:80]!r} is no ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ml"
            )
    return tuple(topic for _, topic in found)


def _secrets(section: Section) -> tuple[Secret, ...]:
    """An empty one is a mistake: without any, the source would be open to whoever has the common token."""
    found = section.texts("secrets")
    if "secrets" in section and not found:
        section.problem("secrets", "'secrets' holds none; without the key, ALERT_TOKEN opens this source")
    return tuple(Secret(secret) for secret in found)


def _header(section: Section, key: str) -> str:
    written = section.text(key)
    if written and not _HEADER.fullmatch(written):
        section.problem(key, f"'{key}: {written}' is not the name of a header, such as X-Signature")
    return written.lower()
