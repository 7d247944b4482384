"""Where an incident stands in its runbook: which steps are open, which wait for what, and what is suggested.

Nothing here is stored. Order is the file's; a choice may pass steps over (``goto``); what follows an action waits
for it, except tasks, which never gate anything. What follows a ``wait`` waits too, but no decision and no action
does. A step whose ``when`` names something that is not known yet waits.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.incidents.acting import IN_FLIGHT
from bot.incidents.incident import Incident
from bot.incidents.jumps import chosen_option, held_up, passed_over
from bot.incidents.kinds import acts, measures, needs_versions, waits, watches
from bot.incidents.naming import missing_inputs, names
from bot.runbooks.expressions import evaluate, parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.named import names_in
from bot.runbooks.schema import DRIFTS, UNDECIDED, Choice, Compare, Step, Task, Update, Watch

__all__ = [
    "Standing", "Suggestion", "acts", "measures", "missing_inputs", "names", "needs_versions", "open_steps",
    "passed_over", "standing", "starter", "suggestion", "the_action", "unchecked", "waits", "watches",
]  # fmt: skip

Standing = Literal["open", "waiting", "done", "passed"]


class Suggestion(msgspec.Struct, frozen=True):
    """What the evidence supports: ``option`` of the choice ``step``, because of the measurement ``evidence``."""

    step: str
    option: str
    evidence: str


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
    return "waiting" if held_up(incident, step) else _gated(incident, step)


def _never_known(incident: Incident, expression: str) -> bool:
    """Whether what the expression names will not come any more: then a person decides, and the walk goes on."""
    found = list(paths(parse_expression(expression)))
    named = [incident.state(path[1]) for path in found if path[0] == "steps" and len(path) > 1]
    unread = incident.versions is None or incident.versions.again_at is not None
    versions_come = unread and any(path[0] in ("running", "target") for path in found)
    asked_for = any(path[0] in missing_inputs(incident) for path in found)
    return not (versions_come or asked_for) and all(s.phase != "open" and s.again_at is None for s in named)


def _gated(incident: Incident, step: Step) -> Standing:
    if acts(step):
        return _decided(incident, step)
    if isinstance(step.spec, Choice):
        return "open"
    if step.phase != "communicate" and _behind_a_wait(incident, step):
        return "waiting"
    if isinstance(step.spec, Task):
        return "open"
    if isinstance(step.spec, Update):
        return _told(incident, step.spec)
    if measures(step) and names_in(step.spec) & missing_inputs(incident).keys():
        return "waiting"
    if waits(step) and not _measured_before(incident, step):
        return "waiting"
    return _started(incident, step)


def _decided(incident: Incident, step: Step) -> Standing:
    """An action waits for the decisions that may lead to it."""
    choices = [s for s in incident.walk() if isinstance(s.spec, Choice) and s.origin == step.origin]
    gates = [s for s in choices if isinstance(s.spec, Choice) and _leads_to(s.spec, step.id)]
    chosen = [option for s in gates if (option := chosen_option(incident, s)) is not None]
    if not gates or any(option.goto == step.id for option in chosen):
        return "open"
    return "passed" if all(standing(incident, gate) in ("done", "passed") for gate in gates) else "waiting"


def _leads_to(choice: Choice, step_id: str) -> bool:
    return any(option.goto == step_id for option in choice.options.values())


def _before(incident: Incident, step: Step) -> tuple[Step, ...]:
    walk = incident.walk()
    return walk[: walk.index(step)]


def _behind_a_wait(incident: Incident, step: Step) -> bool:
    """Whether a wait before the step is not over: what comes after a wait comes after its end."""
    before = (other for other in _before(incident, step) if waits(other) and other.origin == step.origin)
    return any(standing(incident, other) in ("open", "waiting") for other in before)


def _measured_before(incident: Incident, step: Step) -> bool:
    """Whether everything that is measured before a wait has come to something: only then time is what is missing."""
    before = (other for other in _before(incident, step) if measures(other) and other.origin == step.origin)
    return all(incident.state(s.id).phase != "open" or standing(incident, s) != "open" for s in before)


def _started(incident: Incident, step: Step) -> Standing:
    """A watch, a measurement and a wait begin once the action before them has changed the world."""
    action = starter(incident, step)
    if action is None:
        return "waiting" if watches(step) else "open"
    state = incident.state(action.id)
    if state.action is not None and state.action.safe:
        return "open"
    if not acts(action) and state.phase == "done":  # a person did it, by hand
        return "open"
    return "passed" if state.phase == "skipped" or standing(incident, action) == "passed" else "waiting"


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
    if isinstance(step.spec, Watch) and step.spec.starts is not None and incident.runbook is not None:
        return incident.runbook.step(step.spec.starts)
    before = [other for other in _before(incident, step) if acts(other) and other.origin == step.origin]
    return before[-1] if before else None


def open_steps(incident: Incident) -> tuple[Step, ...]:
    """The steps that wait for a person now, decisions and actions first, then in the runbook's order."""
    waiting = [
        step for step in incident.walk()
        if not (measures(step) or watches(step) or waits(step)) and standing(incident, step) == "open"
    ]  # fmt: skip
    return tuple(sorted(waiting, key=lambda step: isinstance(step.spec, Task | Update)))


def unchecked(incident: Incident) -> tuple[Step, ...]:
    """The measuring steps that told nothing: not configured, no data, an error."""
    return tuple(s for s in incident.walk() if measures(s) and incident.state(s.id).verdict in UNDECIDED)


def the_action(incident: Incident) -> Step | None:
    """The step that changes the world: the one on its way, else the first that was begun, that is open, or of all."""
    actions = [step for step in incident.walk() if acts(step)]
    begun = [step for step in actions if incident.state(step.id).action is not None]
    flying = [s for s in begun if (action := incident.state(s.id).action) and action.phase in IN_FLIGHT]
    return next(iter(flying or begun or [s for s in actions if standing(incident, s) == "open"] or actions), None)


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
    measured = [s for s in _before(incident, choice) if measures(s) and incident.state(s.id).decided]
    comparisons = [s for s in measured if isinstance(s.spec, Compare) and s.spec.test not in DRIFTS]
    return next(iter(reversed(comparisons or measured)), None)
