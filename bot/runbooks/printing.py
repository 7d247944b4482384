"""A runbook in its long form as YAML that reads back: what ``evenkeel check --expand`` prints.

Measurements, tasks and options are printed without their defaults; what acts, compares and watches shows them all.
A name that the service does not define is printed as it was written, with
the sentence of what to add beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import yaml

from bot.runbooks.schema import (
    PHASES,
    Action,
    Baseline,
    Choice,
    Compare,
    Matcher,
    Option,
    Queries,
    Query,
    Runbook,
    Step,
    Task,
    Unconfigured,
    Update,
    Value,
    Wait,
    Watch,
)
from bot.yaml.reader import spoken


def print_runbook(runbook: Runbook) -> str:
    """The runbook as YAML; ``loading.load_runbook`` reads it back to the same steps."""
    head: dict[str, Any] = {
        "schema": "runbook/v1", "id": runbook.id, "version": runbook.version, "title": runbook.title,
        "failure_mode": runbook.failure_mode, "owner": runbook.owner, "summary": runbook.summary,
    }  # fmt: skip
    severity = {"default": runbook.severity_default, "floor": runbook.severity_floor}
    if any(severity.values()):
        head["severity"] = {key: value for key, value in severity.items() if value}
    head["match"] = [_matcher(matcher) for matcher in runbook.match]
    head["postmortem"] = {
        "due": spoken(runbook.postmortem_due),
        "owner": runbook.postmortem_owner,
        "required": runbook.postmortem_required,
    }
    if runbook.reviewed:
        head["reviewed"] = runbook.reviewed
    head["review_every"] = spoken(runbook.review_every)
    if runbook.private:
        head["private"] = True
    if runbook.inputs:
        head["inputs"] = {name: _fields(asked) for name, asked in runbook.inputs.items()}
    phases = {
        phase: [_step(step) for step in runbook.steps if step.phase == phase]
        for phase in PHASES
        if any(step.phase == phase for step in runbook.steps)
    }
    text = _dump({**head, "phases": phases})
    return "".join(f"{comment}\n" for comment in _comments(runbook)) + text


def _comments(runbook: Runbook) -> list[str]:
    found = [f"# {step.id}: not configured, {step.spec.missing}" for step in runbook.steps
             if isinstance(step.spec, Unconfigured)]  # fmt: skip
    found += [f"# {step.id}: done by hand, add {step.spec.instead_of} to evenkeel.yaml" for step in runbook.steps
              if isinstance(step.spec, Task) and step.spec.instead_of]  # fmt: skip
    for step in runbook.steps:
        if isinstance(step.spec, Queries):
            found += [f"# {step.id}: not configured, {sentence}" for sentence in step.spec.missing]
    return found


def _matcher(matcher: Matcher) -> dict[str, Any]:
    keys = {**matcher.labels, "failure_mode": matcher.failure_mode, "metric": matcher.metric,
            "severity": matcher.severity}  # fmt: skip
    found: dict[str, Any] = {
        key: value[0] if len(value) == 1 else list(value) for key, value in keys.items() if value
    }
    return {**found, "priority": matcher.priority} if matcher.priority else found


def _step(step: Step) -> dict[str, Any]:
    common = {"id": step.id, "title": step.title, "why": step.why, "when": step.when, "assign": step.assign}
    found: dict[str, Any] = {key: value for key, value in common.items() if value}
    if step.due is not None:
        found["due"] = spoken(step.due)
    if step.escalate:
        found["escalate"] = list(step.escalate)
    if step.optional:
        found["optional"] = True
    if step.on_error != "continue":
        found["on_error"] = step.on_error
    kind, written = _spec(step.spec)
    if isinstance(step.spec, Task) and step.spec.instead_of:  # as it was written: then it reads back
        return {**found, "action": step.spec.instead_of.rpartition(".")[2], "by_hand": step.spec.text}
    return {**found, kind: written}


def _spec(spec: Any) -> tuple[str, Any]:
    if isinstance(spec, Unconfigured):
        names = spec.name.split(", ")
        return spec.kind, names[0] if len(names) == 1 else names
    if isinstance(spec, Queries):
        return "query", [_PRINTED[Query](query) for query in spec.queries]
    return type(spec).__struct_config__.tag, _PRINTED[type(spec)](spec)


def _fields(value: Value, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields as people write them, without empty ones and, in the quiet kinds, without defaults."""
    found: dict[str, Any] = {}
    quiet = isinstance(value, Query | Baseline | Task | Option)
    for field in msgspec.structs.fields(value):
        held = getattr(value, field.name)
        usual = quiet and held == field.default
        if not (field.name in leave_out or usual or held is None or held in ("", (), {})):
            found[field.encode_name] = spoken(held) if _lasts(value, field.name) else _written(held)
    return found


def _lasts(value: Value, name: str) -> bool:
    """Whether the field is a duration: its type is called so."""
    return "Seconds" in str(type(value).__annotations__.get(name, ""))


def _written(field: Any) -> Any:
    if isinstance(field, tuple):
        return [_written(item) for item in field]
    if isinstance(field, dict):
        return {key: _written(item) for key, item in field.items()}
    return _fields(field) if isinstance(field, Value) else field


def _action(action: Action) -> dict[str, Any]:
    found = _fields(action, ("approval", "undo", "rehearse"))
    found["approval"] = "none" if action.approval is None else _fields(action.approval)
    if action.done_when.ok is not None:  # what its condition makes meaningless is no key of it
        found["done_when"] = _fields(action.done_when, ("share", "label"))
    if action.rehearse is not None:
        found["rehearse"] = _fields(action.rehearse)
        if action.rehearse.check is not None:  # it is called by what it is for
            found["rehearse"]["check"] = _fields(action.rehearse.check, ("name",))
    if action.undo.how == "none":
        found["undo"] = {"none": action.undo.reason}
    elif action.undo.how == "call":
        found["undo"] = {"call": action.undo.call, "with": dict(action.undo.arguments)}
    return found


def _watch(watch: Watch) -> dict[str, Any]:
    return {**_fields(watch, ("checks",)), "checks": [_fields(query) for query in watch.checks]}


_PRINTED: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    Task: _fields, Choice: _fields, Query: _fields, Compare: _fields, Action: _action, Watch: _watch, Update: _fields,
    Wait: _fields,
}  # fmt: skip


class _Dumper(yaml.SafeDumper):
    """Lists indented below their key, long texts kept on as few lines as they need, nothing aliased."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _dump(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096))
