"""What changes when it is seen which versions are ready: the one to go back to may be another then."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.choosing import choose
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.folding.steps import about_others
from bot.incidents.incident import Incident
from bot.incidents.readiness import Readiness


def _seen(head: Incident, event: ev.ReadinessSeen, entry: ev.Entry) -> Changes:
    before = head.readiness
    same = before is not None and (before.ready, before.because) == (event.ready, event.because)
    tries = before.tries + 1 if before is not None and same else 1
    seen = Readiness(at=entry.at, ready=event.ready, because=event.because, tries=tries)
    if head.versions is None:
        return {"readiness": seen}
    chosen = choose(head.versions, seen)
    return {"readiness": seen, "versions": chosen, "steps": about_others(head, chosen)}


CHANGES: Table = {ev.ReadinessSeen: _seen}
