"""The incident's address is written to where its alert came from, once to each."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents.agenda.work import Found, Work
from bot.incidents.incident import Incident

#: How often a source that cannot be reached is tried, and the pause before the next time: longer every time.
MOST_TRIES = 4
TRY_AGAIN = timedelta(seconds=60)


def linking(incident: Incident, found: Found) -> None:
    """What is private stays so: nothing outside leads to it."""
    if incident.status != "open" or incident.private:
        return
    for to in incident.links:
        known = incident.linked.get(to)
        if known is None:
            found.work.append(Work(kind="link", step=to))
        elif known.because and known.tries < MOST_TRIES and found.reached(known.at + known.tries * TRY_AGAIN):
            found.work.append(Work(kind="link", step=to, attempt=known.tries + 1))
