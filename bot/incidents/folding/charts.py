"""What changes when a chart is drawn."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.charted import ChartState
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


def _drawn(head: Incident, event: ev.ChartDrawn, _: ev.Entry) -> Changes:
    """What could not be drawn anew stays as it was drawn before."""
    before = head.charts.get(event.chart)
    drawn = ChartState(step=event.step, stage=event.stage, title=event.title, file=event.file, words=event.words)
    if not event.file and before is not None:
        drawn = ChartState(
            step=event.step, stage=event.stage, title=before.title, file=before.file, words=before.words
        )
    return {"charts": {**head.charts, event.chart: drawn}}


CHANGES: Table = {ev.ChartDrawn: _drawn}
