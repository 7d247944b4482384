"""What changes when it was tested whether a release shows."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.charted import JumpState
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


def _tested(head: Incident, event: ev.JumpTested, _: ev.Entry) -> Changes:
    return {"jumps": {**head.jumps, event.step: JumpState(because=event.because, again_at=event.again_at)}}


CHANGES: Table = {ev.JumpTested: _tested}
