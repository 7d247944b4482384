"""Templates, expressions and people of a section, checked as they are taken."""

from __future__ import annotations

import re
from typing import Any

from bot.runbooks.expression_check import Shape
from bot.runbooks.patterns import TOO_LONG, takes_too_long
from bot.runbooks.templates import check_expression, check_promql, check_template
from bot.yaml.reader import Section, suggestion
from bot.yaml.source import Node, Place, Problems

_WHO = re.compile(r"(role|group|user|oncall):[A-Za-z0-9][\w.-]{0,79}")
ROLES = ("lead", "comms", "scribe", "owner")


def template(section: Section, key: str, names: Shape | None, *, required: bool = False) -> str:
    """A text with ``{{ }}``."""
    text = section.text(key, required=required)
    note(section, key, check_template(text, names))
    return text


def optional_template(section: Section, key: str, names: Shape | None) -> str | None:
    """A text with ``{{ }}``, or None."""
    return template(section, key, names) if section.take(key) is not None else None


def expression(section: Section, key: str, names: Shape | None) -> str | None:
    """A bare expression, or None."""
    text = section.optional(key)
    if text is not None:
        note(section, key, check_expression(text, names))
    return text


def promql(section: Section, key: str, names: Shape) -> str | None:
    """A PromQL query with ``{{ }}``, or None."""
    text = section.optional(key)
    if text is not None:
        note(section, key, check_promql(text, names))
    return text


def path(section: Section, key: str, names: Shape | None, *, required: bool = False) -> str | None:
    """A path below a connector's address, or None."""
    if section.take(key, required=required) is None:
        return None
    text = template(section, key, names)
    if not text.startswith("/") or text.startswith("//") or "\\" in text:
        section.problem(key, f"'{key}: {text}' must be a path below the connector's address, as in /api/flags")
    return text


def structure(section: Section, key: str, names: Shape | None) -> dict[str, Any]:
    """A mapping whose text leaves may hold ``{{ }}``."""
    inner = section.section(key)
    if inner is None:
        return {}
    json_structure(section, key, names)
    return inner.mapping_of_all()


def json_structure(section: Section, key: str, names: Shape | None) -> Any:
    """Any JSON-like value whose text leaves may hold ``{{ }}``, or None."""
    found = section.structure(key)
    node = section.take(key)
    if node is not None:
        _check_leaves(node, section.problems, names)
    return found


def _check_leaves(node: Node, problems: Problems, names: Shape | None) -> None:
    if isinstance(node.value, dict):
        for entry in node.value.values():
            _check_leaves(entry.node, problems, names)
    elif isinstance(node.value, tuple):
        for item in node.value:
            _check_leaves(item, problems, names)
    elif isinstance(node.value, str):
        for message in check_template(node.value, names):
            problems.add(node.place, message)


def people(section: Section, key: str, *, anyone: bool = False) -> tuple[str, ...]:
    """Who: ``role:lead``, ``group:S1``, ``user:U1``, ``oncall:NAME``; ``anyone`` where that makes sense."""
    found = section.placed_texts(key)
    for at, who in found:
        if not (_WHO.fullmatch(who) or (anyone and who == "anyone")):
            _note_person(section.problems, at, key, who)
        elif who.startswith("role:") and who[5:] not in ROLES:
            hint = suggestion(who[5:], ROLES) or f"; one of {', '.join(ROLES)}"
            section.problems.add(at, f"there is no role {who[5:]!r}{hint}")
    return tuple(who for _, who in found)


def _note_person(problems: Problems, at: Place, key: str, who: str) -> None:
    problems.add(at, f"'{key}: {who}' is nobody; write role:lead, user:U123, group:S123 or oncall:NAME")


def note(section: Section, key: str, messages: list[str]) -> None:
    """Add the messages of a check at this key's value."""
    for message in messages:
        section.problem(key, message)


def patterns(section: Section, key: str) -> tuple[str, ...]:
    """Values, ``~regex`` or ``!value`` of a label; a regex must compile and covers the whole value."""
    found = section.placed_texts(key)
    for at, pattern in found:
        body = pattern.removeprefix("!")
        if body.startswith("~"):
            try:
                re.compile(body[1:])
            except re.error as error:
                section.problems.add(at, f"{key!r}: the pattern {body[1:]!r} cannot be read: {error}")
            else:
                if takes_too_long(body[1:]):
                    section.problems.add(at, f"{key!r}: the pattern {body[1:]!r} {TOO_LONG}")
    return tuple(pattern for _, pattern in found)
