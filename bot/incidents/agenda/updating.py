"""What an ``update`` with ``every`` asks for: that people are told again."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found
from bot.incidents.incident import Incident
from bot.runbooks.schema import Step, Update


def updating(incident: Incident, step: Step, found: Found) -> None:
    """The step is open again so long after people were told; a step that was skipped stays so."""
    state = incident.state(step.id)
    if not isinstance(step.spec, Update) or step.spec.every is None or state.phase != "done" or state.at is None:
        return
    if found.reached(state.at + timedelta(seconds=step.spec.every)):
        found.due.append(ev.UpdateDue(step=step.id, attempt=state.attempt + 1))
