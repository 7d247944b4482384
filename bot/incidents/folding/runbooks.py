"""What changes when a runbook is attached, chosen between several, or switched, and when its inputs are given."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.joining import joined
from bot.incidents.told import InputState, Pin, TieState
from bot.runbooks.schema import Runbook


def _attached(head: Incident, event: ev.RunbookAttached, entry: ev.Entry) -> Changes:
    changes: Changes = {"pins": (*head.pins, _pin(event.runbook, entry))}
    if event.walk == "alone" or head.runbook is None:
        changes["runbook"] = event.runbook
    else:
        changes["runbook"], changes["steps"] = joined(head, event.runbook, keep_rest=event.walk == "after")
    if event.runbook.confidential and not head.private and entry.at == head.opened_at and not head.channel:
        changes["private"] = True  # an older program did not write it into IncidentOpened
    return changes | _settled(head, event.runbook.id, entry)


def _switched(head: Incident, event: ev.RunbookSwitched, entry: ev.Entry) -> Changes:
    runbook, steps = joined(head, event.runbook, keep_rest=False)
    return {"runbook": runbook, "steps": steps, "pins": (*head.pins, _pin(event.runbook, entry))}


def _pin(runbook: Runbook, entry: ev.Entry) -> Pin:
    return Pin(id=runbook.id, version=runbook.version, sha256=runbook.sha256, at=entry.at)


def _tied(_: Incident, event: ev.RunbooksTied, __: ev.Entry) -> Changes:
    return {"tie": TieState(runbooks=event.runbooks)}


def _kept(head: Incident, event: ev.RunbookKept, entry: ev.Entry) -> Changes:
    return _settled(head, event.runbook, entry)


def _settled(head: Incident, runbook: str, entry: ev.Entry) -> Changes:
    """A tie ends with whatever a person chose; what the program attaches by itself decides nothing."""
    if head.tie is None or head.tie.chosen or entry.by == ev.EVENKEEL or entry.by == head.source:
        return {}
    return {"tie": replace(head.tie, chosen=runbook, by=entry.by, at=entry.at)}


def _input(head: Incident, event: ev.InputGiven, entry: ev.Entry) -> Changes:
    given = InputState(value=event.value, seq=entry.seq, by=entry.by)
    return {"inputs": {**head.inputs, event.name: given}}


CHANGES: Table = {
    ev.RunbookAttached: _attached,
    ev.RunbookSwitched: _switched,
    ev.RunbooksTied: _tied,
    ev.RunbookKept: _kept,
    ev.InputGiven: _input,
}
