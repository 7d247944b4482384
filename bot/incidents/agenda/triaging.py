"""What an incident in triage asks for: to go away once its alerts are over, to come back when a mute is."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found, again
from bot.incidents.deciding.triage import unseen
from bot.incidents.incident import Incident


def triaging(incident: Incident, found: Found) -> None:
    """Timers only: nobody is called and nothing is measured before somebody opens it."""
    waits, since = incident.triage, incident.together.quiet_since
    if waits is None:
        return
    if unseen(incident):
        found.due.append(ev.TriageOpened(because="Slack refused its announcement, and nobody would have seen it"))
        return
    if since is not None:
        if found.reached(since + timedelta(seconds=waits.keeps)):
            found.due.append(ev.TriageEnded())
    elif again(waits.muted_until, found):
        found.due.append(ev.TriageRenewed())
