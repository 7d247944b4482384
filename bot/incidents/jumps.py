"""Where the walk leaves the file's order: a choice's ``goto``, and what ``on_error`` says when a step fails."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.kinds import erred, failed
from bot.runbooks.schema import Choice, Option, Step


def chosen_option(incident: Incident, step: Step) -> Option | None:
    """What was chosen, if the step is a choice and somebody chose."""
    choice = incident.state(step.id).choice
    return step.spec.options.get(choice) if choice and isinstance(step.spec, Choice) else None


def passed_over(incident: Incident) -> frozenset[str]:
    """The steps between a decision, or a step that failed, and where its ``goto`` leads: within one runbook."""
    walk = incident.walk()
    order = [step.id for step in walk]
    passed: set[str] = set()
    for index, step in enumerate(walk):
        target = _leads_to(incident, step)
        if target in order[index + 1 :]:
            end = order.index(target)
            if walk[end].origin == step.origin:
                passed.update(other.id for other in walk[index + 1 : end] if other.origin == step.origin)
    return frozenset(passed)


def _leads_to(incident: Incident, step: Step) -> str:
    chosen = chosen_option(incident, step)
    if chosen is not None:
        return chosen.goto or ""
    if step.on_error.startswith("goto:") and failed(incident, step):
        return step.on_error.removeprefix("goto:")
    return ""


def stopped(incident: Incident) -> Step | None:
    """The step that failed and holds up what comes after it (``on_error: stop``), until a person decides.

    What is tried again by itself holds it up meanwhile, and no longer once it succeeds. A runbook that another one
    took the place of stops nothing any more.
    """
    halts = (step for step in incident.walk() if step.on_error == "stop" and erred(incident, step))
    return next((step for step in halts if _goes_on(incident, step)), None)


def _goes_on(incident: Incident, halt: Step) -> bool:
    """Whether anything of its runbook comes after the step."""
    walk = incident.walk()
    after = walk[walk.index(halt) + 1 :]
    return any(step.origin == halt.origin and incident.state(step.id).phase == "open" for step in after)


def held_up(incident: Incident, step: Step) -> bool:
    """Whether the step comes after one that stopped the walk; telling people goes on beside it."""
    halt = stopped(incident)
    if halt is None or step.id == halt.id or step.phase == "communicate" or step.origin != halt.origin:
        return False
    order = [other.id for other in incident.walk()]
    return order.index(step.id) > order.index(halt.id)
