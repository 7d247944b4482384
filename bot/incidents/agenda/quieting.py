"""What is asked for when no alert fires any more: that it is proposed to resolve, or done if that was configured."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found
from bot.incidents.incident import Incident
from bot.incidents.quiet import proposes_at, resolves_at
from bot.incidents.stamps import stamp


def quieting(incident: Incident, found: Found) -> None:
    """The proposal, once; then the end, unless somebody keeps it open."""
    proposes, resolves = proposes_at(incident), resolves_at(incident)
    if proposes is not None and found.reached(proposes):
        found.due.append(ev.ResolveProposed())
    elif resolves is not None and found.reached(resolves):
        found.due.append(ev.Resolved(summary=by_itself(incident)))


def by_itself(incident: Incident) -> str:
    """Why it is resolved although nobody said so."""
    since = incident.together.quiet_since or incident.last_at
    return f"No alert has fired since {stamp(since)}, and nobody kept it open."
