"""What is overdue, and whose a step is once it can be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found
from bot.incidents.due import ESCALATIONS, assignee, levels, open_since, reminded, waits_for_people
from bot.incidents.incident import Incident
from bot.incidents.walk import standing
from bot.runbooks.schema import Choice, Step


def reminding(incident: Incident, found: Found) -> None:
    """Steps get their people as they open, and reminders when their time is over; each once.

    A guest in somebody else's channel calls nobody.
    """
    if incident.place == "guest":
        return
    for step in incident.walk():
        if not waits_for_people(step) or not (step.assign or step.due) or not _open(incident, step):
            continue
        to = assignee(incident, step)
        if to and not incident.state(step.id).assigned:
            found.due.append(ev.StepAssigned(step=step.id, to=to))
        elif step.due is not None:
            _overdue(incident, step, found)


def _open(incident: Incident, step: Step) -> bool:
    """Whether the step waits for a person; an action that somebody asked for has its own clock."""
    action = incident.state(step.id).action
    return standing(incident, step) == "open" and action is None and not _answered_by_deeds(incident, step)


def _answered_by_deeds(incident: Incident, step: Step) -> bool:
    """Whether what the decision leads to was done already, by other means: nobody has to be reminded of it."""
    options = step.spec.options.values() if isinstance(step.spec, Choice) else ()
    actions = [incident.state(option.goto).action for option in options if option.goto]
    return any(action is not None and action.safe for action in actions)


def escalates_at(incident: Incident, step: Step, level: int) -> datetime:
    """When ``level`` hears of it: at the due time, half as much later, and once more as much later.

    Whoever hears of it late (a step that was overdue when it came) leaves the next one the same time to wait.
    """
    due = timedelta(seconds=step.due or 0.0)
    told = incident.state(step.id).overdue_at
    earliest = [told + (ESCALATIONS[level] - ESCALATIONS[level - 1]) * due] if level and told else []
    return max([open_since(incident, step) + ESCALATIONS[level] * due, *earliest])


def _overdue(incident: Incident, step: Step, found: Found) -> None:
    state = incident.state(step.id)
    at = escalates_at(incident, step, state.overdue) if state.overdue < levels(step) else None
    if at is not None and found.reached(at):
        to = reminded(incident, step, state.overdue)
        found.due.append(ev.StepOverdue(step=step.id, attempt=state.attempt, level=state.overdue, to=to))
