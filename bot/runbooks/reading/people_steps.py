"""The steps with a person in them or for one: ``task``, ``choice``, ``update``, ``wait``, and the ``watch`` after."""

from __future__ import annotations

import re
from typing import Any

from bot.runbooks.expression_check import Shape
from bot.runbooks.fields import KINDS, MOST_FIELDS, field_of
from bot.runbooks.reading import texts
from bot.runbooks.reading.measures import query_of
from bot.runbooks.schema import Choice, Option, Query, Task, Update, Wait
from bot.runbooks.short import Named, ShortWatch, WatchTimes
from bot.runbooks.templates import check_template
from bot.yaml.reader import Section, suggestion
from bot.yaml.source import Node

ROLES = ("rollback", "action", "help", "false_alarm")
#: What a name in an expression may look like: a field's, an input's.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_task(node: Node, outer: Section, names: Shape) -> Task:
    """``task: the text alone`` or ``task: {text, answer, fields}``."""
    if not isinstance(node.value, dict):
        return Task(text=texts.template(outer, "task", names, required=True))
    section = Section(node, outer.problems, outer.name)
    answer: Any = section.one_of("answer", ("text", "number", "url", "none"), "none")
    found = Task(
        text=texts.template(section, "text", names, required=True), answer=answer, fields=_fields(section)
    )  # fmt: skip
    section.close()
    return found


def _fields(outer: Section) -> dict[str, str]:
    """``{orders: number, part: [checkout, payouts]}``: what each field is called, and of which kind it is."""
    section = outer.section("fields", f"'fields' of {outer.name}")
    found: dict[str, str] = {}
    for name in section.keys() if section else ():
        node = section.take(name) if section else None
        written = "" if node is None else node.text.strip()
        if node is not None and isinstance(node.value, tuple):
            written = f"choice [{', '.join(item.text.strip() for item in node.value)}]"
        place = section.at(name) if section else outer.place
        if not _NAME.fullmatch(name):
            outer.problems.add(place, f"a field is called by small letters, digits and _, not {name!r}")
        elif field_of(name, written) is None:
            hint = suggestion(written, KINDS) or f"; one of {', '.join(KINDS)}, or a list to choose from"
            outer.problems.add(place, f"'{name}: {written[:40]}' is no kind of field{hint}")
        else:
            found[name] = written
    if len(found) > MOST_FIELDS:
        outer.problem("fields", f"{outer.name} has {len(found)} fields; a dialog takes {MOST_FIELDS}")
    return found


def read_choice(node: Node, outer: Section, names: Shape) -> Choice | Named:
    """``choice: rollback`` or the question written out."""
    if not isinstance(node.value, dict):
        if node.text != "rollback":
            outer.problem("choice", f"'choice: {node.text}' is not known; 'rollback' is, or write the question out")
        return Named(kind="choice", names=(node.text,))
    section = Section(node, outer.problems, outer.name)
    options = {name: _option(inner, names) for name, inner in section.sections("options", "option")}
    if not options:
        section.problems.add(section.place, f"{outer.name} needs 'options'")
    found = Choice(
        ask=texts.template(section, "ask", names, required=True),
        options=options,
        suggest=texts.expression(section, "suggest", names),
    )
    section.close()
    return found


def _option(section: Section, names: Shape) -> Option:
    role: Any = section.one_of("role", ROLES) or None
    found = Option(
        label=texts.template(section, "label", names),
        goto=section.optional("goto"),
        runbook=section.optional("runbook"),
        needs_reason=section.boolean("needs_reason", role == "false_alarm"),
        role=role,
    )
    if role in ("rollback", "action") and found.goto is None:
        which = "rolls back" if role == "rollback" else "it asks for"
        section.problems.add(section.place, f"{section.name} needs 'goto', the action that {which}")
    section.close()
    return found


def read_update(node: Node, outer: Section, names: Shape) -> Update | Named:
    """``update: audience`` or ``update: {audience, text, when | after, every}``."""
    if not isinstance(node.value, dict):
        return Named(kind="update", names=outer.texts("update"))
    section = Section(node, outer.problems, outer.name)
    found = Update(
        audience=section.texts("audience", required=True),
        text=texts.template(section, "text", names, required=True),
        when=texts.expression(section, "when", names),
        after=section.optional("after"),
        every=section.optional_duration("every"),
    )
    if found.when is None and found.after is None:
        section.problems.add(
            section.place, f"{outer.name} needs 'after' or 'when': what is told must have happened first"
        )
    section.close()
    return found


def read_wait(node: Node, outer: Section, names: Shape) -> Wait:
    """``wait: 30m``, ``wait: {for: 30m}`` or ``wait: {until: expression, max: 6h}``."""
    if not isinstance(node.value, dict):
        return Wait(duration=_lasting(outer, "wait", outer.optional_duration("wait")))
    section = Section(node, outer.problems, outer.name)
    found = Wait(
        duration=_lasting(section, "for", section.optional_duration("for")),
        until=texts.expression(section, "until", names),
        longest=_lasting(section, "max", section.duration("max", 86400.0)) or 86400.0,
    )
    if (found.duration is None) == (found.until is None):
        section.problems.add(section.place, f"{outer.name} needs either 'for' or 'until'")
    section.close()
    return found


def _lasting(section: Section, key: str, seconds: float | None) -> float | None:
    """A wait of no time is none, and one of more than 30 days is a calendar's."""
    if seconds is not None and not 1 <= seconds <= 30 * 86400:
        section.problem(key, f"{section.name} waits from 1s to 30d")
    return seconds


def read_watch(node: Node, outer: Section, names: Shape) -> ShortWatch:
    """``watch: quality``, ``watch: [quality, live]`` or the watch written out."""
    if not isinstance(node.value, dict):
        return ShortWatch(checks=outer.texts("watch", required=True))
    section = Section(node, outer.problems, outer.name)
    checks: list[str | Query] = []
    written = section.take("checks", required=True)
    for item in () if written is None else written.value if isinstance(written.value, tuple) else (written,):
        if isinstance(item.value, dict):
            checks.append(query_of(item, section, names, f"a check of {outer.name}"))
        else:
            checks.append(item.text)
    on_fail: Any = section.one_of("on_fail", ("reopen", "notify"), "reopen")
    own_times = any(key in section for key in ("every", "for", "fail_after"))
    times = read_watch_times(section) if own_times else None
    found = ShortWatch(checks=tuple(checks), times=times, starts=section.optional("starts"), on_fail=on_fail)
    section.close()
    return found


def read_watch_times(section: Section) -> WatchTimes:
    """``every``, ``for`` and ``fail_after`` of a watch, in a runbook or as a service's own default."""
    times = WatchTimes(
        every=section.duration("every", 600.0),
        duration=section.duration("for", 86400.0),
        fail_after=section.integer("fail_after", 3, minimum=1),
    )
    if times.every < 1 or times.duration < times.every:
        said = f"every {times.every:g} s for {times.duration:g} s"
        section.problem("every", f"{section.name} looks {said}: never twice")
    return times


def check_title(section: Section, names: Shape) -> str:
    """The title of a step, a template."""
    title = section.text("title")
    texts.note(section, "title", check_template(title, names))
    return title
