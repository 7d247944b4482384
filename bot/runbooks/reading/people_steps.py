"""The steps with a person in them or for one: ``task``, ``choice``, ``update``, and the ``watch`` after a fix."""

from __future__ import annotations

from typing import Any

from bot.runbooks.expression_check import Shape
from bot.runbooks.reading import texts
from bot.runbooks.reading.measures import query_of
from bot.runbooks.schema import Choice, Option, Query, Task, Update
from bot.runbooks.short import Named, ShortWatch, WatchTimes
from bot.runbooks.templates import check_template
from bot.yaml.reader import Section
from bot.yaml.source import Node

ROLES = ("rollback", "help", "false_alarm")


def read_task(node: Node, outer: Section, names: Shape) -> Task:
    """``task: the text alone`` or ``task: {text, answer, fields}``."""
    if not isinstance(node.value, dict):
        return Task(text=texts.template(outer, "task", names, required=True))
    section = Section(node, outer.problems, outer.name)
    answer: Any = section.one_of("answer", ("text", "number", "url", "none"), "none")
    fields = section.section("fields", "'fields'")
    found = Task(
        text=texts.template(section, "text", names, required=True),
        answer=answer,
        fields={key: fields.text(key) for key in fields.keys()} if fields else {},  # noqa: SIM118
    )
    section.close()
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
    if role == "rollback" and found.goto is None:
        section.problems.add(section.place, f"{section.name} needs 'goto', the action that rolls back")
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
