"""What an incident asks for at a moment: work to run, timers that are due, and when to look again.

Work is derived, not queued: nothing is lost when a process dies, because the next one asks again. Results and
timers are events; once they are in the log, the agenda no longer asks for them.
"""

from __future__ import annotations

from datetime import datetime

from bot.incidents.agenda.acting import acting
from bot.incidents.agenda.archiving import archiving
from bot.incidents.agenda.charting import charting
from bot.incidents.agenda.due import reminding
from bot.incidents.agenda.jumping import jumping
from bot.incidents.agenda.linking import linking
from bot.incidents.agenda.measuring import measuring
from bot.incidents.agenda.oncall import looking_up
from bot.incidents.agenda.paging import paging
from bot.incidents.agenda.preparing import preparing
from bot.incidents.agenda.quieting import quieting
from bot.incidents.agenda.readiness import looking_ahead
from bot.incidents.agenda.silencing import silencing
from bot.incidents.agenda.triaging import triaging
from bot.incidents.agenda.updating import updating
from bot.incidents.agenda.waiting import waiting
from bot.incidents.agenda.watching import watching
from bot.incidents.agenda.work import Agenda, Found, Work, WorkKind, again
from bot.incidents.incident import Incident
from bot.incidents.walk import acts, measures, watches

__all__ = ["Agenda", "Work", "WorkKind", "agenda"]


def agenda(incident: Incident, now: datetime, *, lease_no: int) -> Agenda:
    """What ``incident`` asks for at ``now`` of whoever holds it with ``lease_no``."""
    found = Found(now)
    if incident.status == "triage":
        triaging(incident, found)
        return Agenda(due=tuple(found.due), wake_at=min(found.later, default=None))
    looking_up(incident, found)
    paging(incident, found)
    quieting(incident, found)
    silencing(incident, found)
    linking(incident, found)
    archiving(incident, found)
    if incident.runbook is not None and incident.status not in ("cancelled", "merged"):
        _walking(incident, found, lease_no)
    return Agenda(work=tuple(found.work), due=tuple(found.due), wake_at=min(found.later, default=None))


def _walking(incident: Incident, found: Found, lease_no: int) -> None:
    """What the runbook's steps ask for."""
    looking_ahead(incident, found)
    if incident.status == "open":
        reminding(incident, found)
        seen = incident.versions
        if seen is None or seen.stale or again(seen.again_at, found):
            found.work.append(Work(kind="versions"))
        for step in incident.walk():
            if measures(step):
                measuring(incident, step, found)
            elif acts(step):
                preparing(incident, step, found)
                acting(incident, step, found, lease_no)
            waiting(incident, step, found)
            updating(incident, step, found)
    for step in incident.walk():  # a watch goes on after the incident is resolved
        if watches(step):
            watching(incident, step, found)
        elif measures(step):
            charting(incident, step, found)
            jumping(incident, step, found)
