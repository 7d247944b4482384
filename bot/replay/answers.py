"""The answers file: YAML to a ``Recording``, every mistake with its line and column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from bot.replay.recording import Act, Answer, ChangeBefore, Deed, Expected, Measured, Recording
from bot.runbooks.schema import VERDICTS
from bot.yaml.reader import Section, kind_of, suggestion
from bot.yaml.source import Node, Place, Problems, parse

DEEDS: tuple[str, ...] = get_args(Deed)
#: Deeds that concern the incident; all others need ``step``.
_OF_THE_INCIDENT = frozenset({
    "acknowledge", "note", "severity", "resolve", "cancel", "reopen", "inputs", "hypothesis",
})  # fmt: skip
#: Deeds that may take several answers by their names.
_WITH_VALUES = frozenset({"answer", "inputs"})


def read_answers(text: str, *, file: str, steps: Mapping[str, str]) -> Recording:
    """The recording in ``text``; ``steps`` are the runbook's, id to kind. Raises ConfigurationError."""
    problems = Problems(file)
    node = parse(text, problems)
    if node is None:
        problems.raise_if_any()
        return Recording()
    section = Section(node, problems, "the answers")
    versions = section.section("versions", "'versions'")
    found = Recording(
        running=versions.text("running", required=True) or None if versions else None,
        target=versions.text("target") or None if versions else None,
        measured=_measured(section, steps),
        sources={name: _answers(node, problems, steps) for name, node in _nodes(section, "sources")},
        oncall=_oncall(section),
        people=tuple(_act(node, problems, steps) for node in section.items("people")),
        changes=tuple(_change(node, problems) for node in section.items("changes")),
        expected=_expected(section, steps),
        until=section.duration("until", Recording().until),
    )
    for inner in (versions, section):
        if inner is not None:
            inner.close()
    problems.raise_if_any()
    return found


def _nodes(section: Section, key: str) -> list[tuple[str, Node]]:
    inner = section.section(key)
    names = inner.keys() if inner else []
    return [(name, node) for name in names if inner and (node := inner.take(name)) is not None]


def _step(name: str, steps: Mapping[str, str], place: Place, problems: Problems) -> None:
    if name not in steps:
        problems.add(place, f"the runbook has no step {name!r}{suggestion(name, steps)}")


def _measured(section: Section, steps: Mapping[str, str]) -> dict[str, Measured]:
    found = {}
    for name, node in _nodes(section, "steps"):
        _step(name, steps, node.place, section.problems)
        if name in steps and steps[name] not in ("query", "compare", "watch"):
            message = f"step {name!r} is a {steps[name]}, which has no verdict; say under 'people' what is done"
            section.problems.add(node.place, message)
        found[name] = _one(node, section.problems, name)
    return found


def _one(node: Node, problems: Problems, name: str) -> Measured:
    """``live: bad`` or ``live: {verdict: bad, value: 0.71, …}``."""
    if not isinstance(node.value, dict | tuple):
        if node.text not in VERDICTS:
            problems.add(node.place, f"{node.text!r} is not a verdict; one of {', '.join(VERDICTS)}")
            return Measured(verdict="error")
        return Measured(verdict=_verdict(node.text))
    inner = Section(node, problems, f"step {name!r}")
    verdict = inner.one_of("verdict", VERDICTS, "", required=True) or "error"
    n = inner.number("n")
    found = Measured(
        verdict=_verdict(verdict), because=inner.text("because") or Measured(verdict="ok").because,
        value=inner.number("value"), baseline=inner.number("baseline"), n=None if n is None else int(n),
        low=inner.number("low"), high=inner.number("high"),
    )  # fmt: skip
    inner.close()
    return found


def _verdict(text: str) -> Any:
    return text


def _answers(node: Node, problems: Problems, steps: Mapping[str, str]) -> tuple[Answer, ...]:
    if not isinstance(node.value, tuple):
        problems.add(node.place, f"what a source answers is a list, not {kind_of(node)}")
        return ()
    return tuple(_answer(item, problems, steps) for item in node.value)


def _answer(node: Node, problems: Problems, steps: Mapping[str, str]) -> Answer:
    section = Section(node, problems, "an answer")
    after = section.text("after") or None
    if after is not None:
        _step(after, steps, section.at("after"), problems)
    says = [key for key in ("value", "by", "body", "status", "nothing") if key in section]
    if len(says) != 1:
        problems.add(node.place, "an answer needs exactly one of 'value', 'by', 'body', 'status' and 'nothing: true'")
    found = Answer(
        asked=section.text("asked"), after=after, since=section.duration("since", 0.0), series=_series(section),
        before=section.number("before"), body=section.structure("body"),
        status=section.integer("status", 200, minimum=100), place=f"{problems.file}:{node.place.line}",
    )  # fmt: skip
    section.close()
    return found


def _series(section: Section) -> tuple[tuple[dict[str, str], float], ...] | None:
    """``value: 0.71``, or ``by: {version: {"42": 950, "41": 50}}`` with one label."""
    if "nothing" in section:
        section.boolean("nothing")
        return ()
    value = section.number("value")
    if value is not None:
        return (({}, value),)
    by = section.section("by")
    if by is None:
        return None
    found: list[tuple[dict[str, str], float]] = []
    for label in by.keys():  # noqa: SIM118
        inner = by.section(label)
        for name in inner.keys() if inner else ():
            number = inner.number(name) if inner else None
            found += [({label: name}, number)] if number is not None else []
    return tuple(found)


def _oncall(section: Section) -> dict[str, tuple[str, ...]]:
    """Who was on call, by the name in evenkeel.yaml: nobody is looked up."""
    inner = section.section("oncall")
    return {name: inner.texts(name) for name in inner.keys()} if inner else {}  # noqa: SIM118


def _act(node: Node, problems: Problems, steps: Mapping[str, str]) -> Act:
    section = Section(node, problems, "what a person does")
    by, step = section.text("by", required=True), section.text("step") or None
    if step is not None:
        _step(step, steps, section.at("step"), problems)
    deeds: list[Any] = [deed for deed in DEEDS if deed in section]
    if len(deeds) != 1:
        problems.add(node.place, f"what a person does is exactly one of {', '.join(DEEDS)}")
    deed: Any = deeds[0] if deeds else "note"
    if step is None and deed not in _OF_THE_INCIDENT:
        problems.add(node.place, f"{deed!r} needs 'step', the step that it is about")
    written = section.take(deed)
    values = section.section(deed) if deed in _WITH_VALUES and _is_mapping(written) else None
    plain = written is None or isinstance(written.value, bool) or values is not None
    text = "" if plain else section.text(deed)
    given = {name: values.text(name) for name in values.keys()} if values else {}  # noqa: SIM118
    found = Act(
        by=by, deed=deed, step=step, text=text, values=given, reason=section.text("reason"),
        takes=section.duration("takes", 60.0), place=f"{problems.file}:{node.place.line}:{node.place.column}",
    )  # fmt: skip
    section.close()
    return found


def _is_mapping(node: Node | None) -> bool:
    return node is not None and isinstance(node.value, dict)


def _change(node: Node, problems: Problems) -> ChangeBefore:
    section = Section(node, problems, "a change")
    found = ChangeBefore(
        kind=section.text("kind", "deploy"), version=section.text("version"), previous=section.text("previous"),
        by=section.text("by"), url=section.text("url"), before=section.duration("before", 0.0),
    )  # fmt: skip
    section.close()
    return found


def _expected(section: Section, steps: Mapping[str, str]) -> tuple[Expected, ...]:
    inner = section.section("expect")
    found = []
    for what in inner.keys() if inner else ():
        if inner is not None and what not in ("status", "severity"):
            _step(what, steps, inner.key_at(what), section.problems)
        at = inner.at(what) if inner else section.place
        value = inner.text(what) if inner else ""
        found.append(Expected(what=what, value=value, place=f"{section.problems.file}:{at.line}:{at.column}"))
    return tuple(found)
