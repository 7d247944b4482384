"""Until when a step is due, whom it falls to, and who hears of it when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents.incident import Incident
from bot.incidents.oncall import all_resolved, owners, resolved
from bot.incidents.walk import acts, starter, waits, watches
from bot.runbooks.expressions import parse_expression, paths
from bot.runbooks.schema import Choice, Step, Task, Update

#: Parts of a step's time after which the first and the second of ``escalate`` hear of it, 1.0 being its due time.
ESCALATIONS = (1.0, 1.5, 2.0)


def due_at(incident: Incident, step: Step) -> datetime | None:
    """When the step is due: its time runs from the moment when it could be done; None if it has no time.

    That is the opening, or what reopened the incident, or the last of the steps and actions that it waited for.
    """
    return None if step.due is None else open_since(incident, step) + timedelta(seconds=step.due)


def open_since(incident: Incident, step: Step) -> datetime:
    """Since when the step could be done."""
    moments = [incident.opened_at, *_came(incident, step)]
    if incident.reopened and incident.status_at is not None:
        moments.append(incident.status_at)
    named = [path[1] for path in _paths(step.when) if path[0] == "steps" and len(path) > 1]
    named += [step.spec.after] if isinstance(step.spec, Update) and step.spec.after else []
    named += [_gate(incident, step)] if acts(step) else _waits_before(incident, step)
    moments += _again(incident, step)
    if watches(step) and (started := starter(incident, step)) is not None:
        named.append(started.id)
    for name in named:
        state = incident.state(name)
        safe = state.action.confirmed_at if state.action else None
        moments += [at for at in (state.at, safe) if at is not None]
    return max(moments)


def _came(incident: Incident, step: Step) -> list[datetime]:
    """When the step's runbook was attached: a person may choose one later, or another one beside it."""
    named = step.origin or (incident.runbook.id if incident.runbook else "")
    times = [pin.at for pin in incident.pins if pin.id == named and pin.at is not None]
    return [min(times)] if times else []


def _waits_before(incident: Incident, step: Step) -> list[str]:
    """The waits that the step came after; a decision waits for none."""
    if isinstance(step.spec, Choice) or step.phase == "communicate":
        return []
    walk = incident.walk()
    return [other.id for other in walk[: walk.index(step)] if waits(other) and other.origin == step.origin]


def _again(incident: Incident, step: Step) -> list[datetime]:
    """When people have to be told again, if the step repeats."""
    state = incident.state(step.id)
    every = step.spec.every if isinstance(step.spec, Update) else None
    return [state.at + timedelta(seconds=every)] if every and state.at is not None and state.phase == "open" else []


def _paths(expression: str | None) -> list[list[str]]:
    return list(paths(parse_expression(expression))) if expression else []


def _gate(incident: Incident, step: Step) -> str:
    """The decision that an action waits for."""
    for other in incident.walk():
        if isinstance(other.spec, Choice) and any(option.goto == step.id for option in other.spec.options.values()):
            return other.id
    return ""


def waits_for_people(step: Step) -> bool:
    """Whether a person does the step."""
    return isinstance(step.spec, Task | Choice | Update) or acts(step)


def reminded(incident: Incident, step: Step, level: int) -> tuple[str, ...]:
    """Who hears that the step is overdue: the assignee, else the lead, else who is on call; then ``escalate``."""
    if level == 0:
        assigned = incident.state(step.id).assigned
        return (assigned,) if assigned else (incident.lead,) if incident.lead else owners(incident)
    return resolved(incident, step.escalate[level - 1])


def levels(step: Step) -> int:
    """How many times somebody hears of it: when it is due, and once for each of the first two of ``escalate``."""
    return 1 + min(len(step.escalate), len(ESCALATIONS) - 1)


def assignee(incident: Incident, step: Step) -> str:
    """Who the step falls to by its ``assign``: the lead if they are among those named, else the first; or nobody."""
    named = all_resolved(incident, [step.assign] if step.assign else [])
    if incident.lead in named:
        return incident.lead
    return named[0] if named else ""
