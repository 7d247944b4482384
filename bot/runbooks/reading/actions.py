"""The step that changes the world: ``action``, written out in a step or defined in the service catalogue."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.runbooks.expression_check import Shape
from bot.runbooks.expressions import paths
from bot.runbooks.reading import texts
from bot.runbooks.reading.approvals import GLASS_AFTER, read_approval
from bot.runbooks.reading.measures import not_yet, read_query
from bot.runbooks.reading.proof import read_done_when
from bot.runbooks.schema import TARGET, Action, DoneWhen, FurtherCall, Rehearsal, Undo
from bot.runbooks.templates import TemplateError, expressions_in
from bot.yaml.reader import Section

_CALL = re.compile(r"[\w-]+\.[\w-]+")
#: A rehearsal that counts for a shorter time would be made again while somebody approves (seconds).
SHORTEST_AGE = 60.0


def read_action(
    section: Section, names: Shape, *, name: str = "", service: str | None = None, serving: DoneWhen | None = None
) -> Action:
    """One action. In the catalogue (``service`` is set) scope, approval and done_when have defaults."""
    defined = service is not None
    undo = _undo(section, names)
    read = _call(section, "read")
    if undo.how == "captured" and read is None:
        _needs(section, "'read', which undo puts back; or say 'undo: {none: why it cannot be undone}'")
    not_yet(section)
    done_when = read_done_when(section, names, serving, required=not defined)
    also = _also(section, names, undo)
    found = Action(
        call=_call(section, "call", required=True) or "",
        scope=_scope(section, names) or (service or ""),
        done_when=done_when,
        name=name or section.text("name"),
        read=read,
        arguments=texts.structure(section, "with", names),
        also=also,
        approval=read_approval(section, names, required=not defined),
        break_glass=section.boolean("break_glass"),
        rehearse=_rehearsal(section, names, read=read),
        budget=section.duration("budget", 300.0),
        undo=undo,
        target=texts.template(section, "target", names) or TARGET,
        compatible=section.texts("compatible"),
    )
    if done_when.ok is not None and "target" not in section and not _about_versions(found):
        found = _without_target(found)
    _check_glass(section, found)
    return found


def _without_target(found: Action) -> Action:
    """An action that names no version anywhere leads to none: it is called by its name alone."""
    return replace(found, target="")


def _needs(section: Section, what: str) -> None:
    section.problems.add(section.place, f"{section.name} needs {what}")


def _about_versions(found: Action) -> bool:
    """Whether what is sent or asked for names the target."""
    said = [*_leaves(found.arguments), *(leaf for one in found.also for leaf in _leaves(one.arguments))]
    said += [found.done_when.promql or "", found.done_when.graphite or "", found.done_when.get or ""]
    return any(_names_target(text) for text in said)


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if isinstance(value, str) else []


def _names_target(text: str) -> bool:
    try:
        return any(path[0] == "target" for tree in expressions_in(text) for path in paths(tree))
    except TemplateError:
        return False


def _check_glass(section: Section, found: Action) -> None:
    """The glass can be broken some minutes after the request: a request that ends before never offers it."""
    if found.break_glass and found.approval is not None and found.approval.expires <= GLASS_AFTER:
        section.problem(
            "break_glass", "the glass can be broken 10m after the request; let the approval expire later than that"
        )


def _call(section: Section, key: str, *, required: bool = False) -> str | None:
    text = section.text(key, required=required) or None
    if text is not None and not _CALL.fullmatch(text):
        section.problem(key, f"'{key}: {text}' must be connector.operation, as in flags.set")
    return text


def _scope(section: Section, names: Shape) -> str:
    node = section.take("scope")
    if node is not None and isinstance(node.value, dict):
        inner = Section(node, section.problems, "'scope'")
        scope = texts.template(inner, "service", names, required=True)
        inner.close()
        return scope
    return texts.template(section, "scope", names)


def _also(section: Section, names: Shape, undo: Undo) -> tuple[FurtherCall, ...]:
    """Further calls under the same approval, in order."""
    found = []
    for node in section.items("also"):
        inner = Section(node, section.problems, f"a call of {section.name}")
        one = FurtherCall(
            call=_call(inner, "call", required=True) or "", read=_call(inner, "read"),
            arguments=texts.structure(inner, "with", names), staging=texts.structure(inner, "staging", names),
        )  # fmt: skip
        if undo.how == "captured" and one.read is None:
            _needs(inner, "'read', which undo puts back")
        inner.close()
        found.append(one)
    if found and undo.how == "call":
        section.problem("also", "an action of several calls is undone by its readings: leave out 'undo'")
    return tuple(found)


def _rehearsal(section: Section, names: Shape, *, read: str | None) -> Rehearsal | None:
    """``staging: {...}`` alone, or ``rehearse: {with, check, max_age}``."""
    if "staging" in section:
        if "rehearse" in section:
            section.problem("staging", "write 'staging' or 'rehearse', not both")
        if read is None:
            _needs(section, "'read', which shows that the rehearsal worked; or 'rehearse' with a 'check'")
        return Rehearsal(arguments=texts.structure(section, "staging", names))
    inner = section.section("rehearse", "'rehearse'")
    if inner is None:
        return None
    arguments = texts.structure(inner, "with", names)
    if not arguments:
        _needs(inner, "'with', the arguments that are other in staging")
    check_section = inner.section("check", "'check'")
    check = None
    if check_section is not None:
        check = read_query(check_section, names, name="rehearsal")
        check_section.close()
    elif read is None:
        _needs(inner, "'check', or the action 'read', or nobody can tell that it worked")
    max_age = inner.duration("max_age", 86400.0)
    if max_age < SHORTEST_AGE:
        inner.problem("max_age", "a rehearsal counts for 1m at least")
        max_age = SHORTEST_AGE
    found = Rehearsal(
        arguments=arguments, check=check, max_age=max_age, every=inner.duration("every", 5.0),
        within=inner.duration("within", 120.0),
    )  # fmt: skip
    inner.close()
    return found


def _undo(section: Section, names: Shape) -> Undo:
    node = section.take("undo")
    if node is None or node.text == "captured":
        return Undo()
    if node.text == "none":
        section.problem("undo", "an action without undo says why: 'undo: {none: the reason}'")
        return Undo(how="none")
    inner = Section(node, section.problems, "'undo'")
    if "none" in inner:
        found = Undo(how="none", reason=inner.text("none", required=True))
    else:
        call = _call(inner, "call", required=True)
        found = Undo(how="call", call=call, arguments=texts.structure(inner, "with", names))
    inner.close()
    return found
