"""Runbook files: text to values, every mistake with its place, and no broken file takes a good one down.

``load_runbook`` reads one file; ``load_library`` reads a folder's worth of them. What concerns a single step is
checked in ``reading``; here are the rules between steps (``order.py``) and between files (ids and versions).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.errors import ConfigurationError
from bot.runbooks.names import with_steps
from bot.runbooks.order import check_order
from bot.runbooks.reading import texts
from bot.runbooks.reading.inputs import read_inputs
from bot.runbooks.reading.measures import not_yet
from bot.runbooks.reading.steps import read_step
from bot.runbooks.schema import FAILURE_MODES, PHASES, SEVERITIES, Matcher, Runbook, Task, Value
from bot.runbooks.short import ShortRunbook, ShortStep
from bot.yaml.reader import Section
from bot.yaml.source import Node, Place, Problems, parse

SCHEMA = "runbook/v1"


class Library(Value, frozen=True):
    """Every runbook that could be read, and what is wrong with the others (``file:line:column: message``)."""

    runbooks: tuple[ShortRunbook, ...] = ()
    problems: tuple[str, ...] = ()

    def get(self, runbook_id: str) -> ShortRunbook | None:
        """The runbook of this id, in its newest version, or None."""
        same = [runbook for runbook in self.runbooks if runbook.id == runbook_id]
        return max(same, key=lambda runbook: runbook.head.version, default=None)


def load_runbook(text: str, *, file: str) -> ShortRunbook:
    """The runbook in ``text``. Raises ConfigurationError with every problem of the file."""
    problems = Problems(file)
    node = parse(text, problems)
    if node is None:
        if not problems:
            problems.add(Place(1, 1), f"the file is empty; a runbook begins with 'schema: {SCHEMA}'")
        problems.raise_if_any()
    assert node is not None  # noqa: S101 - for the type checker: raise_if_any has raised
    found = read_runbook(Section(node, problems, "the runbook"), problems, text)
    problems.raise_if_any()
    return found


def load_library(files: Mapping[str, str], *, pinned: Sequence[Runbook] = ()) -> Library:
    """Every good runbook of ``files`` (name -> text), and the problems of the rest.

    ``pinned`` are runbooks that incidents hold: a file with the same id and version but other text is refused.
    """
    known = {(runbook.id, runbook.version): ("an incident", runbook.sha256) for runbook in pinned}
    found: list[ShortRunbook] = []
    problems: list[str] = []
    for file, text in sorted(files.items()):
        try:
            short = load_runbook(text, file=file)
        except ConfigurationError as error:
            problems += error.problems
            continue
        key = (short.head.id, short.head.version)
        where, sha256 = known.get(key, (file, short.head.sha256))
        if sha256 != short.head.sha256:
            problems.append(
                f"{file}:1:1: {short.id!r} version {short.head.version} differs from what {where} has; "
                "raise 'version' when the text changes"
            )
        elif key not in known or where == "an incident":
            known[key] = (file, sha256)
            found.append(short)
    return Library(runbooks=tuple(found), problems=tuple(problems))


def read_runbook(section: Section, problems: Problems, text: str) -> ShortRunbook:
    """The runbook in a section, whose file says ``text``; every problem is noted."""
    schema = section.text("schema", required=True)
    if schema and schema != SCHEMA:
        section.problem("schema", f"'schema: {schema}' is not known; this program reads {SCHEMA}")
    severity = section.section("severity", "'severity'")
    postmortem = section.section("postmortem", "'postmortem'")
    not_yet(section)
    reviewed, inputs = section.optional("reviewed"), read_inputs(section)
    head = Runbook(
        id=section.slug("id"), version=section.integer("version", 1, minimum=1, required=True),
        title=section.text("title", required=True),
        failure_mode=section.one_of("failure_mode", FAILURE_MODES, "generic", required=True),
        owner=section.text("owner", required=True), summary=section.text("summary", required=True), steps=(),
        match=_matchers(section, problems),
        severity_default=_severity(severity, "default"), severity_floor=_severity(severity, "floor"),
        postmortem_due=postmortem.duration("due", 172800.0) if postmortem else 172800.0,
        postmortem_owner=postmortem.text("owner", "lead") if postmortem else "lead",
        postmortem_required=postmortem.boolean("required", True) if postmortem else True,
        sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), reviewed=reviewed,
        review_every=section.duration("review_every", 90 * 86400.0), inputs=inputs,
        private=section.boolean("private"),
    )  # fmt: skip
    nodes: dict[str, Node] = {}
    steps = _steps(section, problems, nodes, inputs)
    for inner in (severity, postmortem, section):
        if inner is not None:
            inner.close()
    check_order(steps, nodes, problems)
    return ShortRunbook(head=head, steps=tuple(steps), file=problems.file, text=text)


def _severity(section: Section | None, key: str) -> str | None:
    if section is None:
        return None
    written = section.text(key)
    if written and written.upper() not in SEVERITIES:
        section.problem(key, f"'{key}: {written}' is not a severity; one of {', '.join(SEVERITIES)}")
        return None
    return written.upper() or None


def _steps(
    section: Section, problems: Problems, nodes: dict[str, Node], inputs: Iterable[str]
) -> list[ShortStep]:  # fmt: skip
    section.take("phases", required=True)
    phases = section.section("phases", "'phases'")
    if phases is None:
        return []
    found: list[ShortStep] = []
    seen: dict[str, int] = {}
    for phase in PHASES:
        for node in phases.items(phase):
            step = Section(node, problems, "step")
            fields = {other.id: other.spec.fields for other in found if isinstance(other.spec, Task)}
            read = read_step(step, phase, with_steps(seen, inputs=inputs, fields=fields))
            step_id = step.text("id")
            if step_id in seen:
                problems.add(step.at("id"), f"id {step_id!r} is already used on line {seen[step_id]}")
            elif step_id:
                seen[step_id] = step.at("id").line
                nodes[step_id] = node
                found += [read] if read is not None else []
    phases.close()
    if not seen:
        problems.add(phases.place, "the runbook has no steps")
    return found


def _matchers(section: Section, problems: Problems) -> tuple[Matcher, ...]:
    section.take("match", required=True)
    found = []
    for node in section.items("match"):
        inner = Section(node, problems, "'match'")
        known: dict[str, Any] = {
            "failure_mode": _known(inner, "failure_mode", FAILURE_MODES),
            "metric": texts.patterns(inner, "metric"),
            "severity": _known(inner, "severity", SEVERITIES),
        }
        priority = inner.integer("priority", 0)
        labels = {key: texts.patterns(inner, key) for key in inner.keys() if key not in (*known, "priority")}  # noqa: SIM118
        found.append(Matcher(labels=labels, priority=priority, **known))
        if not labels and not any(known.values()):
            problems.add(node.place, "an item of 'match' needs a label, failure_mode, metric or severity")
    return tuple(found)


def _known(section: Section, key: str, words: Sequence[str]) -> tuple[str, ...]:
    found = texts.patterns(section, key)
    for pattern in found:
        plain = pattern.removeprefix("!")
        if not plain.startswith("~") and plain.lower() not in {word.lower() for word in words}:
            section.problem(key, f"'{key}: {plain}' is not known; one of {', '.join(words)}")
    return found
