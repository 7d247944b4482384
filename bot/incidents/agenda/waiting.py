"""What a wait asks for: its start, its end, and the comparisons that are made again then."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found
from bot.incidents.incident import Incident
from bot.incidents.naming import names
from bot.incidents.walk import standing
from bot.runbooks.expressions import evaluate
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import Compare, Step, Wait

#: A comparison that came to one of these lacked time or cases: both may be there when the wait ends.
LACKING = ("no_data", "inconclusive")


def waiting(incident: Incident, step: Step, found: Found) -> None:
    """A wait begins when its turn has come, and ends by its expression or by the clock."""
    state = incident.state(step.id)
    if not isinstance(step.spec, Wait) or standing(incident, step) != "open":
        return
    if state.wait is None:
        until = found.now + timedelta(seconds=longest(step.spec))
        found.due.append(ev.WaitStarted(step=step.id, attempt=state.attempt, until=until))
    elif step.spec.until is not None and _holds(incident, step.spec.until):
        found.due += _ended(incident, step, "what it waited for holds")
    elif found.reached(state.wait.until):
        never = step.spec.until is not None
        found.due += _ended(incident, step, "what it waited for did not come" if never else "the time is over")


def longest(wait: Wait) -> float:
    """For how many seconds it lasts at the most: ``for``, or ``max`` of one that waits for an expression."""
    return wait.duration if wait.duration is not None else wait.longest


def _holds(incident: Incident, expression: str) -> bool:
    try:
        return bool(evaluate(expression, names(incident)))
    except TemplateError:
        return False


def _ended(incident: Incident, step: Step, because: str) -> list[ev.AnyEvent]:
    """The end, and a new attempt at every comparison before the wait that time may have helped."""
    walk = incident.walk()
    before = [other for other in walk[: walk.index(step)] if isinstance(other.spec, Compare)]
    lacked = [(other, incident.state(other.id)) for other in before]
    again = [ev.StepRerun(step=s.id, attempt=state.attempt + 1) for s, state in lacked if state.verdict in LACKING]
    return [ev.WaitEnded(step=step.id, attempt=incident.state(step.id).attempt, because=because), *again]
