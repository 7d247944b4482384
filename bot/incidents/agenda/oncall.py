"""Whom somebody outside has to be asked for: who is on call, at the opening and while nobody is known."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents.agenda.work import Found, Work
from bot.incidents.incident import Incident
from bot.incidents.oncall import may_still_act, to_ask

#: Older than this, an answer is asked for again while somebody may still be needed for an action.
FRESH = timedelta(hours=1)
#: Before a name that named nobody is asked for again: twice as long every time.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)


def looking_up(incident: Incident, found: Found) -> None:
    """Names are looked up one by one: one that cannot be told keeps no other waiting."""
    if incident.status != "open":
        return
    for who in to_ask(incident):
        seen = incident.seen.get(who)
        work = Work(kind="oncall", step=who, attempt=seen.tries + 1 if seen else 1)
        if seen is None:
            found.work.append(work)
        elif seen.tries:
            if found.reached(seen.at + min(FIRST_PAUSE * 2 ** min(seen.tries - 1, 10), LONGEST_PAUSE)):
                found.work.append(work)
        elif may_still_act(incident) and found.reached(seen.at + FRESH):
            found.work.append(work)
