"""What expressions and templates may name at a moment: the incident, its labels, its steps, the runbook's inputs."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.incidents.experiments import running as experiments_of
from bot.incidents.incident import Incident, StepState
from bot.runbooks.expressions import evaluate
from bot.runbooks.fields import value_of
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import Input, Step, Task


def names(incident: Incident) -> dict[str, Any]:
    """What expressions and templates may name; a name without a value is left out."""
    versions = incident.versions
    known: dict[str, Any] = {
        "incident": {
            "key": incident.key, "number": incident.number, "title": incident.title, "status": incident.status,
            "severity": incident.severity, "failure_mode": incident.failure_mode, "lead": incident.lead,
            "service": incident.service,
        },
        "labels": incident.labels,
        "service": _service(incident),
    }  # fmt: skip
    steps = {step.id: step for step in incident.walk()}
    known["steps"] = {name: _facts(state, steps.get(name)) for name, state in incident.steps.items()}
    running = _put_in_place(incident) or (versions.running if versions else None)
    if running:
        known["running"] = running
    if versions and versions.target:
        known["target"] = versions.target
    if incident.runbook is not None and incident.runbook.registry is not None:
        known["registry"] = {"version": partial(_registered, incident)}
    return known | _inputs(incident, known) if incident.runbook and incident.runbook.inputs else known


def _service(incident: Incident) -> dict[str, Any]:
    known = {
        "name": incident.service, "owner": incident.owner, "consumers": list(incident.consumers),
        "dependencies": list(incident.dependencies), "experiments": [one.name for one in experiments_of(incident)],
    }  # fmt: skip
    return known | ({"tier": incident.tier} if incident.tier is not None else {})


def _registered(incident: Incident, model: str, alias: str) -> str:
    """The version that the registry called by that alias when it was read."""
    registry = incident.runbook.registry if incident.runbook else None
    aliases = incident.versions.aliases if incident.versions else {}
    if registry is None or registry.name != model or alias not in aliases:
        raise TemplateError(f"the registry calls no version of {model[:80]} {alias[:80]!r}")
    return aliases[alias]


def missing_inputs(incident: Incident) -> dict[str, Input]:
    """The inputs of the runbook that nothing gives a value: a person is asked for them."""
    if incident.runbook is None or not incident.runbook.inputs:
        return {}
    known = names(incident)
    return {name: asked for name, asked in incident.runbook.inputs.items() if name not in known}


def _inputs(incident: Incident, known: dict[str, Any]) -> dict[str, Any]:
    """What a person said, else what ``from`` comes to, else the default; what has none of them is left out."""
    inputs = incident.runbook.inputs if incident.runbook else {}
    found = {name: _input(incident, name, asked, known) for name, asked in inputs.items() if name not in known}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _input(incident: Incident, name: str, asked: Input, known: dict[str, Any]) -> Any:
    given = incident.inputs.get(name)
    if given is not None and given.value:
        number = isinstance(asked.default, int | float) and not isinstance(asked.default, bool)
        return value_of("number" if number else "text", given.value)
    if asked.source is not None:
        try:
            value = evaluate(asked.source, known)
        except TemplateError:
            value = None
        if value not in (None, ""):
            return value
    return asked.default


def _put_in_place(incident: Incident) -> str | None:
    """The version that a confirmed action has put in place since the versions were seen."""
    actions = [state.action.effective for state in incident.steps.values() if state.action]
    confirmed = [action.target for action in actions if action.phase == "confirmed" and action.version]
    return confirmed[-1] if confirmed else None


def _facts(state: StepState, step: Step | None) -> dict[str, Any]:
    task = step.spec if step is not None and isinstance(step.spec, Task) else None
    written = task.fields if task is not None else {}
    facts: dict[str, Any] = {
        "verdict": state.verdict, "value": state.value, "baseline": state.baseline, "choice": state.choice,
        "answer": value_of(task.answer if task else "text", state.text) if state.text else None,
        "by": state.by or None, "at": state.at.isoformat() if state.at else None,
        "fields": {name: value_of(written.get(name, "text"), said) for name, said in state.fields.items()} or None,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}
