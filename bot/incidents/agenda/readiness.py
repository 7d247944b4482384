"""Whether earlier versions could serve is read at the opening, and again until the world was changed."""

from __future__ import annotations

from bot.incidents.agenda.work import Found, Work
from bot.incidents.incident import Incident


def looking_ahead(incident: Incident, found: Found) -> None:
    """The work, if the service says how to tell and nothing was done yet."""
    if incident.runbook is None or incident.runbook.readiness is None or incident.status != "open":
        return
    if incident.safe_at is not None:
        return
    if incident.readiness is None or found.reached(incident.readiness.again_at):
        found.work.append(Work(kind="readiness"))
