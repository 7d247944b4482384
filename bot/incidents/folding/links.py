"""What changes when the incident's address was written to where its alert came from."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.links import LinkState


def _linked(head: Incident, event: ev.LinkedBack, entry: ev.Entry) -> Changes:
    before = head.linked.get(event.to)
    tries = (before.tries if before else 0) + 1 if event.because else 0
    return {"linked": {**head.linked, event.to: LinkState(at=entry.at, because=event.because, tries=tries)}}


CHANGES: Table = {ev.LinkedBack: _linked}
