"""What changes when people suspect something, and when they find evidence."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.told import HypothesisState


def _added(head: Incident, event: ev.HypothesisAdded, entry: ev.Entry) -> Changes:
    added = HypothesisState(number=event.hypothesis, text=event.text, seq=entry.seq, by=entry.by)
    return {"hypotheses": (*head.hypotheses, added)}


def _judged(head: Incident, event: ev.HypothesisJudged, entry: ev.Entry) -> Changes:
    return {
        "hypotheses": tuple(
            replace(one, judged=event.judged, evidence=event.evidence, judged_seq=entry.seq, judged_by=entry.by)
            if one.number == event.hypothesis
            else one
            for one in head.hypotheses
        )
    }


CHANGES: Table = {ev.HypothesisAdded: _added, ev.HypothesisJudged: _judged}
