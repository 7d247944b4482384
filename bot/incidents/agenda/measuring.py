"""What a measuring step asks for: to be measured, or measured again."""

from __future__ import annotations

from bot.incidents.again import knows_more
from bot.incidents.agenda.work import Found, Work, again
from bot.incidents.incident import Incident
from bot.incidents.walk import needs_versions, standing
from bot.runbooks.schema import Step


def measuring(incident: Incident, step: Step, found: Found) -> None:
    state = incident.state(step.id)
    work = Work(kind="measure", step=step.id, attempt=state.attempt)
    if state.phase == "skipped":
        return
    if knows_more(incident, state) or again(state.again_at, found):
        found.work.append(work)
        return
    if state.verdict is not None or standing(incident, step) != "open":
        return
    seen = incident.versions
    if not needs_versions(step) or (seen is not None and not seen.stale):
        found.work.append(work)
