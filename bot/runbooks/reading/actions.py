"""The step that changes the world: ``action``, written out in a step or defined in the service catalogue."""

from __future__ import annotations

import re

from bot.runbooks.expression_check import Shape
from bot.runbooks.reading import texts
from bot.runbooks.reading.measures import not_yet
from bot.runbooks.schema import Action, Approval, DoneWhen, Query, Rehearsal, Undo
from bot.yaml.reader import Section

_CALL = re.compile(r"[\w-]+\.[\w-]+")


def read_action(
    section: Section, names: Shape, *, name: str = "", service: str | None = None, serving: Query | None = None
) -> Action:
    """One action. In the catalogue (``service`` is set) scope, approval and done_when have defaults."""
    defined = service is not None
    undo = _undo(section, names)
    read = _call(section, "read")
    if undo.how == "captured" and read is None:
        section.problems.add(
            section.place,
            f"{section.name} needs 'read', which undo puts back; or say 'undo: {{none: why it cannot be undone}}'",
        )
    not_yet(section)
    return Action(
        call=_call(section, "call", required=True) or "",
        scope=_scope(section, names) or (service or ""),
        done_when=_done_when(section, names, serving, required=not defined),
        name=name or section.text("name"),
        read=read,
        arguments=texts.structure(section, "with", names),
        approval=_approval(section, required=not defined),
        break_glass=section.boolean("break_glass"),
        rehearse=_rehearsal(section, names),
        budget=section.duration("budget", 300.0),
        undo=undo,
        target=texts.template(section, "target", names) or "{{ target }}",
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


def _done_when(section: Section, names: Shape, serving: Query | None, *, required: bool) -> DoneWhen:
    inner = section.section("done_when", "'done_when'")
    if inner is None:
        if required:
            section.problems.add(section.place, f"{section.name} needs 'done_when'")
        elif serving is None:
            section.problems.add(
                section.place,
                f"{section.name} needs 'done_when', or the service 'serving', or nobody can tell that it worked",
            )
        return DoneWhen(source=serving.source, promql=serving.promql) if serving else DoneWhen()
    own = texts.promql(inner, "promql", names)
    share = inner.number("share")
    if share is not None and not 0 < share <= 1:
        inner.problem("share", "'share' is a share of the traffic between 0 and 1, as in 0.99")
        share = None
    found = DoneWhen(
        share=0.99 if share is None else share,
        times=inner.integer("times", 2, minimum=1),
        every=inner.duration("every", 5.0),
        lag=inner.duration("lag", 60.0),
        source=inner.text("source", serving.source if serving and own is None else "", required=own is not None),
        promql=own or (serving.promql if serving else None),
        label=inner.text("label", "version"),
    )
    if found.promql is None:
        inner.problems.add(inner.place, "'done_when' needs 'promql', the traffic of each version")
    inner.close()
    return found


def _approval(section: Section, *, required: bool) -> Approval | None:
    """``approval: none``, ``approval: {...}``, or the short ``approvers: [...]`` beside the action."""
    if "approvers" in section:
        if "approval" in section:
            section.problem("approvers", "write 'approvers' or 'approval', not both")
        return Approval(approvers=texts.people(section, "approvers", anyone=True) or ("anyone",))
    node = section.take("approval")
    if node is None:
        if required:
            section.problems.add(section.place, f"{section.name} needs 'approval'")
        return Approval()
    if node.text == "none":
        return None
    inner = Section(node, section.problems, "'approval'")
    found = Approval(
        approvers=texts.people(inner, "approvers", anyone=True) or ("anyone",),
        count=inner.integer("count", 1, minimum=1),
        not_requester=inner.boolean("not_requester", True),
        expires=inner.duration("expires", 900.0),
    )
    inner.close()
    return found


def _rehearsal(section: Section, names: Shape) -> Rehearsal | None:
    """``staging: {...}`` alone, or ``rehearse: {with, max_age}``."""
    if "staging" in section:
        if "rehearse" in section:
            section.problem("staging", "write 'staging' or 'rehearse', not both")
        return Rehearsal(arguments=texts.structure(section, "staging", names))
    inner = section.section("rehearse", "'rehearse'")
    if inner is None:
        return None
    found = Rehearsal(arguments=texts.structure(inner, "with", names), max_age=inner.duration("max_age", 86400.0))
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
