"""What is asked for once an incident is over for long: that its channel is told, and then archived."""

from __future__ import annotations

from bot.incidents.agenda.work import Found, Work
from bot.incidents.archiving import may_go, quiet_for
from bot.incidents.incident import Incident


def archiving(incident: Incident, found: Found) -> None:
    """A look whether anybody still writes there, before it is announced and before it goes."""
    known = incident.archiving
    if not may_go(incident):
        return
    if found.reached(known.at if known.at is not None else incident.last_at + quiet_for(incident)):
        found.work.append(Work(kind="archive", attempt=2 * known.told + (known.at is not None)))
