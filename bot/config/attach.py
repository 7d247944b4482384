"""How incidents of other tools are heard of: ``attach`` of evenkeel.yaml."""

from __future__ import annotations

import re

from bot.alerts.sources.source import SourceSettings
from bot.config.secret import Secret
from bot.guests import TOOLS
from bot.guests.settings import AttachSettings
from bot.yaml.reader import Section, suggestion

_LONGEST_PATTERN = 200


def read_attach(section: Section) -> AttachSettings:
    """The settings; every problem is noted in the section."""
    inner = section.section("attach", "'attach'")
    if inner is None:
        return AttachSettings()
    found = AttachSettings(channels=_patterns(inner), service=inner.text("service"), tools=_tools(inner))
    inner.close()
    return found


def _patterns(section: Section) -> tuple[str, ...]:
    for at, text in section.placed_texts("channels"):
        try:
            re.compile(text)
        except re.error as error:
            section.problems.add(at, f"'{text}' is no pattern: {error}")
        if len(text) > _LONGEST_PATTERN:
            section.problems.add(at, f"a pattern has {_LONGEST_PATTERN} characters at most")
    return section.texts("channels")


def _tools(section: Section) -> dict[str, SourceSettings]:
    found = {}
    for name, inner in section.sections("tools", "tool"):
        if name not in TOOLS:
            hint = suggestion(name, TOOLS) or f"; one of {', '.join(TOOLS)}"
            section.problems.add(inner.place, f"there is no tool {name!r}{hint}")
            continue
        secrets = inner.texts("secrets")
        for secret in secrets:
            wrong = TOOLS[name].secret(secret)
            if wrong:
                inner.problem("secrets", f"a secret under 'secrets' {wrong}")
        if not secrets:
            inner.problem("secrets", "'secrets' is empty; leave the tool out if requests are not to be signed")
        found[name] = SourceSettings(
            secrets=tuple(Secret(secret) for secret in secrets), window=inner.duration("window", 300.0)
        )
        inner.close()
    return found
