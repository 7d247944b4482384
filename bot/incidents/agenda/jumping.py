"""Whether a release shows in the measurement is tested once both are known; nobody waits for it."""

from __future__ import annotations

from bot.incidents.agenda.work import Found, Work, again
from bot.incidents.charted import main_query
from bot.incidents.incident import Incident
from bot.runbooks.schema import Query, Step


def jumping(incident: Incident, step: Step, found: Found) -> None:
    """The work, for the step that found a release, while the incident is open."""
    is_changes = isinstance(step.spec, Query) and step.spec.source == "changes"
    tested = incident.jumps.get(step.id)
    if not is_changes or incident.status != "open" or (tested is not None and not again(tested.again_at, found)):
        return
    known = main_query(incident.walk())
    if incident.state(step.id).verdict != "warn" or known is None:
        return
    if incident.versions is not None and incident.state(known[0].id).verdict is not None:
        found.work.append(Work(kind="jump", step=step.id, attempt=incident.state(step.id).attempt))
