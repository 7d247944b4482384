"""What changes while an incident waits to be opened, and when it is."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.triage import Triage


def begun(event: ev.IncidentOpened, entry: ev.Entry) -> Triage | None:
    """The triage that an incident begins with; None if it begins open."""
    waits = event.waiting
    if waits is None:
        return None
    return Triage(
        since=entry.at, announced=waits.announced, count=waits.count, within=waits.within, window=waits.window
    )


def counted(head: Incident, entry: ev.Entry) -> Changes:
    """The alerts that began within the time that counts, the newest among them."""
    waits = head.triage
    if waits is None or not waits.count or not head.unopened or not isinstance(entry.event, ev.AlertsAttached):
        return {}
    kept = [(at, n) for at, n in waits.arrivals if entry.at - at <= timedelta(seconds=waits.within)]
    arrivals = (*kept, (entry.at, entry.event.count))[-waits.count :]
    return {"triage": replace(waits, arrivals=arrivals)}


def _opened(head: Incident, _: ev.TriageOpened, entry: ev.Entry) -> Changes:
    """Its clocks begin now; it began when its first alert did."""
    if head.triage is None:
        return {}
    return {
        "status": "open", "status_at": entry.at, "status_by": entry.by, "opened_at": entry.at,
        "began_at": head.began, **opened(head, entry),
    }  # fmt: skip


def opened(head: Incident, entry: ev.Entry) -> Changes:
    """Nobody has to open it any more."""
    if head.triage is None or head.triage.opened_at is not None:
        return {}
    return {"triage": replace(head.triage, opened_at=entry.at, opened_by=entry.by, arrivals=())}


def _announced(head: Incident, _: ev.TriageAnnounced, __: ev.Entry) -> Changes:
    return {"triage": replace(head.triage, announced=True)} if head.triage else {}


def _dismissed(head: Incident, event: ev.TriageDismissed, entry: ev.Entry) -> Changes:
    if head.triage is None:
        return {}
    said = replace(
        head.triage, dismissed_by=entry.by, dismissed_at=entry.at, muted_until=event.muted_until, mute=event.mute
    )
    return {"triage": said}


def _renewed(head: Incident, _: ev.TriageRenewed, __: ev.Entry) -> Changes:
    if head.triage is None:
        return {}
    again = replace(
        head.triage, dismissed_by="", dismissed_at=None, muted_until=None, mute=0, rounds=head.triage.rounds + 1
    )
    return {"triage": again}


def _ended(_: Incident, __: ev.TriageEnded, entry: ev.Entry) -> Changes:
    return {"status": "cancelled", "status_at": entry.at, "status_by": entry.by}


CHANGES: Table = {
    ev.TriageOpened: _opened,
    ev.TriageAnnounced: _announced,
    ev.TriageDismissed: _dismissed,
    ev.TriageRenewed: _renewed,
    ev.TriageEnded: _ended,
}
