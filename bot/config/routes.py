"""Where alerts go: ``routes`` of evenkeel.yaml, in the order in which they are asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from bot.alerts.routing import NOW, TRIAGE, Opening, Patterns, Route
from bot.runbooks.reading import texts
from bot.runbooks.schema import FAILURE_MODES, SEVERITIES
from bot.yaml.reader import Section, suggestion

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_MOST_COUNTED = 1000

Fitting = Callable[[Section, str], str]


def read_routes(section: Section, *, channel: Fitting, oncall: Collection[str]) -> tuple[Route, ...]:
    """The routes; every problem is noted. ``channel`` reads a channel, ``oncall`` are the names of rotas."""
    found: list[Route] = []
    nodes = section.items("routes")
    for number, node in enumerate(nodes, 1):
        inner = Section(node, section.problems, f"route {number}")
        found.append(_route(inner, number, channel, oncall))
        inner.close()
        if number < len(nodes) and not found[-1].match:
            section.problems.add(node.place, f"route {number} fits every alert, so those after it are never asked")
    return tuple(found)


def _route(section: Section, number: int, channel: Fitting, oncall: Collection[str]) -> Route:
    name = section.text("name") or f"route {number}"
    at = section.place
    return Route(
        name=name, match=read_match(section), service=section.text("service"),
        failure_mode=section.one_of("failure_mode", FAILURE_MODES), severity=_severity(section, "severity"),
        severity_labels=_severity_labels(section), opening=_opening(section), runbook=section.text("runbook"),
        channel=channel(section, "channel"), people=_people(section, oncall), private=section.boolean("private"),
        place=f"{section.problems.file}:{at.line}",
    )  # fmt: skip


def read_match(section: Section) -> Patterns:
    """``match: {LABEL: PATTERN}``, one pattern or several a label."""
    match = section.section("match", "'match'")
    return {key: texts.patterns(match, key) for key in match.keys()} if match else {}  # noqa: SIM118


def _severity(section: Section, key: str) -> str:
    text = section.text(key)
    if text and text.upper() not in SEVERITIES:
        section.problem(key, f"'{key}: {text}' is not a severity; one of {', '.join(SEVERITIES)}")
        return ""
    return text.upper()


def _severity_labels(section: Section) -> dict[str, str]:
    inner = section.section("severity_labels")
    names = inner.keys() if inner else []
    return {name.lower(): _severity(inner, name) for name in names} if inner else {}


def _opening(section: Section) -> Opening | None:
    node = section.take("open")
    if node is None:
        return None
    if not isinstance(node.value, dict):
        word = section.one_of("open", ("now", "triage"))
        return {"now": NOW, "triage": TRIAGE}.get(word)
    inner = Section(node, section.problems, "'open'")
    count = inner.integer("after", 0, minimum=2, required=True)
    within = inner.optional_duration("within", required=True)
    inner.close()
    if count > _MOST_COUNTED:
        inner.problem("after", f"'after: {count}' is more than {_MOST_COUNTED}, the most that is counted")
    return Opening("after", count=count, within=within or 0.0)


def _people(section: Section, oncall: Collection[str]) -> tuple[str, ...]:
    found = section.placed_texts("people")
    for at, who in found:
        kind, _, name = who.partition(":")
        if kind == "oncall" and name:
            if name not in oncall:
                section.problems.add(at, f"{name!r} is not under 'oncall'{suggestion(name, oncall)}")
        elif not _PERSON.fullmatch(who):
            section.problems.add(at, f"'people: {who}' is nobody; write a Slack user's id, U0123ABCD, or oncall:NAME")
    return tuple(who for _, who in found)
