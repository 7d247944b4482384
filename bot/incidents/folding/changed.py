"""What changes when we are told of a change meanwhile: the last few are remembered."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident

MOST = 3


def _reported(head: Incident, event: ev.ChangeReported, _: ev.Entry) -> Changes:
    return {"changed": (*head.changed, event.change)[-MOST:]}


CHANGES: Table = {ev.ChangeReported: _reported}
