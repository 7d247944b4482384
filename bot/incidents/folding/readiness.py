"""What changes when it is seen which versions are ready."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.readiness import Readiness


def _seen(head: Incident, event: ev.ReadinessSeen, entry: ev.Entry) -> Changes:
    before = head.readiness
    same = before is not None and (before.ready, before.because) == (event.ready, event.because)
    tries = before.tries + 1 if before is not None and same else 1
    return {"readiness": Readiness(at=entry.at, ready=event.ready, because=event.because, tries=tries)}


CHANGES: Table = {ev.ReadinessSeen: _seen}
