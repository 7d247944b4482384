"""One step of a runbook: what every step has, and exactly one kind."""

from __future__ import annotations

import msgspec

from bot.runbooks.expression_check import Shape
from bot.runbooks.reading import texts
from bot.runbooks.reading.actions import read_action
from bot.runbooks.reading.measures import not_yet, query_of, read_compare
from bot.runbooks.reading.people_steps import check_title, read_choice, read_task, read_update, read_wait, read_watch
from bot.runbooks.schema import Queries
from bot.runbooks.short import Named, ShortSpec, ShortStep
from bot.yaml.reader import Section, suggestion
from bot.yaml.source import Node

KINDS = ("task", "choice", "query", "compare", "action", "watch", "update", "wait")


def read_step(section: Section, phase: str, names: Shape) -> ShortStep | None:
    """The step, or None if it is of no kind; every problem is noted."""
    step_id = section.slug("id")
    kinds = [kind for kind in KINDS if kind in section]
    section.name = f"{kinds[0] if kinds else 'step'} {step_id!r}"
    spec = _spec(section, kinds, names)
    on_error = section.text("on_error", "continue")
    if on_error not in ("stop", "continue") and not on_error.startswith("goto:"):
        section.problem("on_error", f"'on_error: {on_error}' must be stop, continue or goto:STEP")
    found = None if spec is None else ShortStep(
        id=step_id, phase=phase, spec=spec, place=section.at("id"), title=check_title(section, names),
        why=section.text("why"), when=texts.expression(section, "when", names), assign=_assign(section),
        due=section.optional_duration("due"), escalate=texts.people(section, "escalate"),
        optional=section.boolean("optional"), on_error=on_error,
    )  # fmt: skip
    if spec is not None:
        section.close()
    return found


def _spec(section: Section, kinds: list[str], names: Shape) -> ShortSpec | None:
    if len(kinds) != 1:
        not_yet(section)
        several = f"has {' and '.join(map(repr, kinds))}; a step is of one kind" if kinds else "is of no kind"
        hint = "" if kinds else _hint(section)
        section.problems.add(section.place, f"{section.name} {several}{hint}")
        return None
    kind = kinds[0]
    node = section.take(kind, required=True)
    if node is None:
        return None
    if kind == "task":
        return read_task(node, section, names)
    if kind == "choice":
        return read_choice(node, section, names)
    if kind == "update":
        return read_update(node, section, names)
    if kind == "watch":
        return read_watch(node, section, names)
    if kind == "wait":
        return read_wait(node, section, names)
    return _definable(kind, node, section, names)


def _definable(kind: str, node: Node, section: Section, names: Shape) -> ShortSpec | None:
    """``query``, ``compare`` and ``action``: a name of the catalogue, or written out."""
    if kind == "query" and isinstance(node.value, tuple) and any(isinstance(i.value, dict) for i in node.value):
        return Queries(queries=tuple(query_of(item, section, names, section.name) for item in node.value))
    if not isinstance(node.value, dict):
        found = section.texts(kind, required=True)
        if len(found) > 1 and kind != "query":
            section.problem(kind, f"{section.name} names one definition, not {len(found)}")
        if kind == "action":
            return Named(kind="action", names=found, by_hand=texts.template(section, "by_hand", names))
        return Named(kind="query" if kind == "query" else "compare", names=found)
    if kind == "query":
        query = query_of(node, section, names, section.name)
        return query if query.name else msgspec.structs.replace(query, name=section.text("id"))
    inner = Section(node, section.problems, section.name)
    spec: ShortSpec = read_compare(inner, names) if kind == "compare" else read_action(inner, names)
    inner.close()
    return spec


def _assign(section: Section) -> str | None:
    found = texts.people(section, "assign")
    if len(found) > 1:
        section.problem("assign", "a step is assigned to one person, group or role")
    return found[0] if found else None


def _hint(section: Section) -> str:
    known = {"id", "title", "why", "when", "assign", "due", "escalate", "optional", "on_error"}
    for key in section.keys():  # noqa: SIM118
        if key not in known and (near := suggestion(key, KINDS)):
            return f": {key!r} is unknown{near}"
    return f"; one of {', '.join(KINDS)}"
