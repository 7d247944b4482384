"""Where an incident stands in its runbook: which steps are open, which wait for what, and what is suggested.

Nothing here is stored. Order is the file's; a choice may pass steps over (``goto``); what follows an action waits
for it, except tasks, which never gate anything. A step whose ``when`` names something that is not known yet waits.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.incidents.incident import Incident, StepState
from bot.runbooks.expressions import evaluate, parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.named import versions_named
from bot.runbooks.schema import (
    UNDECIDED,
    Action,
    Choice,
    Compare,
    Queries,
    Query,
    Step,
    Task,
    Unconfigured,
    Update,
    Watch,
)

Standing = Literal["open", "waiting", "done", "passed"]


class Suggestion(msgspec.Struct, frozen=True):
    """What the evidence supports: ``option`` of the choice ``step``, because of the measurement ``evidence``."""

    step: str
    option: str
    evidence: str


def measures(step: Step) -> bool:
    """Whether the step runs by itself and comes to a verdict."""
    spec = step.spec
    if isinstance(spec, Unconfigured):
        return spec.kind in ("query", "compare")
    return isinstance(spec, Query | Queries | Compare)


def acts(step: Step) -> bool:
    """Whether the step changes the world, or would if it were configured."""
    return isinstance(step.spec, Action) or (isinstance(step.spec, Unconfigured) and step.spec.kind == "action")


def watches(step: Step) -> bool:
    """Whether the step is a watch, configured or not."""
    return isinstance(step.spec, Watch) or (isinstance(step.spec, Unconfigured) and step.spec.kind == "watch")


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
        "service": {"name": incident.service, "owner": incident.owner, "consumers": list(incident.consumers)},
        "steps": {step: _facts(state) for step, state in incident.steps.items()},
    }  # fmt: skip
    running = _put_in_place(incident) or (versions.running if versions else None)
    if running:
        known["running"] = running
    if versions and versions.target:
        known["target"] = versions.target
    return known


def _put_in_place(incident: Incident) -> str | None:
    """The version that a confirmed action has put in place since the versions were seen."""
    actions = [state.action.effective for state in incident.steps.values() if state.action]
    confirmed = [action.target for action in actions if action.phase == "confirmed"]
    return confirmed[-1] if confirmed else None


def _facts(state: StepState) -> dict[str, Any]:
    facts = {
        "verdict": state.verdict, "value": state.value, "baseline": state.baseline, "choice": state.choice,
        "answer": state.text or None, "by": state.by or None, "at": state.at.isoformat() if state.at else None,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}


def passed_over(incident: Incident) -> frozenset[str]:
    """The steps between a decision and where its ``goto`` leads."""
    order = [step.id for step in incident.walk()]
    passed: set[str] = set()
    for step in incident.walk():
        chosen = _chosen_option(incident, step)
        if chosen is not None and chosen.goto in order:
            passed.update(order[order.index(step.id) + 1 : order.index(chosen.goto)])
    return frozenset(passed)


def _chosen_option(incident: Incident, step: Step) -> Any:
    choice = incident.state(step.id).choice
    return step.spec.options.get(choice) if choice and isinstance(step.spec, Choice) else None


def standing(incident: Incident, step: Step) -> Standing:
    """Where one step stands."""
    state = incident.state(step.id)
    if state.phase in ("done", "skipped"):
        return "done"
    if step.id in passed_over(incident):
        return "passed"
    if step.when is not None:
        try:
            if not evaluate(step.when, names(incident)):
                return "passed"
        except TemplateError:
            if not _never_known(incident, step.when):
                return "waiting"
    return _gated(incident, step)


def _never_known(incident: Incident, expression: str) -> bool:
    """Whether what the expression names will not come any more: then a person decides, and the walk goes on."""
    found = list(paths(parse_expression(expression)))
    named = [incident.state(path[1]) for path in found if path[0] == "steps" and len(path) > 1]
    unread = incident.versions is None or incident.versions.again_at is not None
    versions_come = unread and any(path[0] in ("running", "target") for path in found)
    return not versions_come and all(state.phase != "open" and state.again_at is None for state in named)


def _gated(incident: Incident, step: Step) -> Standing:
    if acts(step):
        gates = [s for s in incident.walk() if isinstance(s.spec, Choice) and _leads_to(s.spec, step.id)]
        chosen = [option for s in gates if (option := _chosen_option(incident, s)) is not None]
        if not gates or any(option.goto == step.id for option in chosen):
            return "open"
        return "passed" if all(standing(incident, gate) in ("done", "passed") for gate in gates) else "waiting"
    if isinstance(step.spec, Task | Choice):
        return "open"
    if isinstance(step.spec, Update):
        return _told(incident, step.spec)
    action = starter(incident, step)
    if action is None:
        return "waiting" if watches(step) else "open"
    state = incident.state(action.id)
    if state.action is not None and state.action.safe:
        return "open"
    if not acts(action) and state.phase == "done":  # a person did it, by hand
        return "open"
    return "passed" if state.phase == "skipped" or standing(incident, action) == "passed" else "waiting"


def _leads_to(choice: Choice, step_id: str) -> bool:
    return any(option.goto == step_id for option in choice.options.values())


def _told(incident: Incident, update: Update) -> Standing:
    """Text that says something was done needs that step's confirmed success."""
    if update.after is not None:
        state = incident.state(update.after)
        succeeded = state.phase == "done" and state.verdict in (None, "ok")
        if state.action is not None:  # what a person did outside is believed, and not told as seen in traffic
            succeeded = state.action.safe and state.action.effective.phase == "confirmed"
        return "open" if succeeded else "waiting"
    if update.when is None:
        return "open"
    try:
        return "open" if evaluate(update.when, names(incident)) else "waiting"
    except TemplateError:
        return "waiting"


def starter(incident: Incident, step: Step) -> Step | None:
    """What a watch or a later measurement waits for: an action, or for a watch the step that ``starts`` names."""
    walk = incident.walk()
    if isinstance(step.spec, Watch) and step.spec.starts is not None and incident.runbook is not None:
        return incident.runbook.step(step.spec.starts)
    before = [other for other in walk[: walk.index(step)] if acts(other)]
    return before[-1] if before else None


def open_steps(incident: Incident) -> tuple[Step, ...]:
    """The steps that wait for a person now, decisions and actions first, then in the runbook's order."""
    waiting = [
        step for step in incident.walk()
        if not measures(step) and not watches(step) and standing(incident, step) == "open"
    ]  # fmt: skip
    return tuple(sorted(waiting, key=lambda step: isinstance(step.spec, Task | Update)))


def unchecked(incident: Incident) -> tuple[Step, ...]:
    """The measuring steps that told nothing: not configured, no data, an error."""
    return tuple(s for s in incident.walk() if measures(s) and incident.state(s.id).verdict in UNDECIDED)


def the_action(incident: Incident) -> Step | None:
    """The step that changes the world: the one on its way, else the first of the runbook."""
    actions = [step for step in incident.walk() if acts(step)]
    on_its_way = [step for step in actions if incident.state(step.id).action is not None]
    return next(iter(on_its_way or actions), None)


def suggestion(incident: Incident) -> Suggestion | None:
    """What is suggested, if a measurement that counts supports it and the question is still open."""
    for step in incident.walk():
        if not isinstance(step.spec, Choice) or standing(incident, step) != "open" or not step.spec.suggest:
            continue
        try:
            option = evaluate(step.spec.suggest, names(incident))
        except TemplateError:
            continue
        evidence = _evidence_before(incident, step)
        if option in step.spec.options and evidence is not None:
            return Suggestion(step=step.id, option=option, evidence=evidence.id)
    return None


def _evidence_before(incident: Incident, choice: Step) -> Step | None:
    """The last measurement before the choice that came to a verdict that counts."""
    walk = incident.walk()
    measured = [s for s in walk[: walk.index(choice)] if measures(s) and incident.state(s.id).decided]
    comparisons = [s for s in measured if isinstance(s.spec, Compare)]
    return next(iter(reversed(comparisons or measured)), None)


def needs_versions(step: Step) -> bool:
    """Whether the step's definition names the running version or the target."""
    return bool(versions_named(step.spec))
