"""The log told to people: one line per entry that somebody would want to read, in the log's order.

A rendering, like the channel and the postmortem: it holds nothing of its own and so cannot disagree with what
happened. Looks of a watch and polls of ``done_when`` are left out; what they led to is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from bot.incidents import events as ev
from bot.incidents.stamps import stamp


class Line(msgspec.Struct, frozen=True):
    """``text`` may hold stamps and ``<@U…>``; ``at`` is when it happened, which a note may put before its entry."""

    seq: int
    at: datetime
    by: str
    kind: str
    text: str


def timeline(entries: Iterable[ev.Entry]) -> tuple[Line, ...]:
    """The lines, ordered by when things happened; lines of one moment in the log's order."""
    lines = [line for entry in entries if (line := _line(entry)) is not None]
    return tuple(sorted(lines, key=lambda line: (line.at, line.seq)))


def _line(entry: ev.Entry) -> Line | None:
    tell = _TELLERS.get(type(entry.event))
    if tell is None:
        return None
    at = entry.event.written_at if isinstance(entry.event, ev.NoteAdded) and entry.event.written_at else entry.at
    kind = type(entry.event).__name__
    text = tell(entry.event)
    if isinstance(entry.event, ev.LeadChanged) and entry.event.lead == entry.by:
        text = "took the lead"
    return Line(seq=entry.seq, at=at, by=entry.by, kind=kind, text=text)


def _and(lead: str, text: str) -> str:
    return f"{lead}: {text}" if text else lead


def _opened(event: ev.IncidentOpened) -> str:
    said = _and(event.alert_name or event.title, event.alert_text)
    since = f", since {stamp(event.began_at)}" if event.began_at else ""
    severity = event.severity or "SEV?"
    return f"{severity} opened for {event.service} by {event.source}: {said}{since}"


def _alerts(event: ev.AlertsAttached) -> str:
    names = f" ({', '.join(event.names)})" if event.names else ""
    return f"{event.count} alert{'s' if event.count != 1 else ''} attached{names}"


def _alerts_resolved(event: ev.AlertsResolved) -> str:
    rest = f", {event.firing} still firing" if event.firing else ""
    return f"the source says that {event.count} alert{'s' if event.count != 1 else ''} are over{rest}"


def _versions(event: ev.VersionsSeen) -> str:
    if event.running is None:
        return f"which version serves is not known: {event.because}"
    back = f"; {event.target} could be gone back to" if event.target else f"; no target: {event.because}"
    return f"traffic is served by {event.running}{back}"


def _requested(event: ev.ApprovalRequested) -> str:
    who = ", ".join(f"<@{user}>" for user in event.approvers) or "anybody else"
    word = "undo" if event.undo else event.step
    return f"asked for {word} to {event.target}; {event.count} approval needed from {who}"


def _chosen(event: ev.Chosen) -> str:
    against = f" against the suggestion {event.against}" if event.against else ""
    return _and(f"{event.step}: chose {event.option}{against}", event.reason)


def _started(event: ev.ActionStarted) -> str:
    return f"{event.step}: {event.call} begins"


def _finished(event: ev.ActionFinished) -> str:
    word = {"written": "the call was accepted", "refused": "not carried out", "unknown": "the answer was lost"}
    return _and(f"{event.step}: {word[event.outcome]}", event.because)


def _confirmed(event: ev.ActionConfirmed) -> str:
    share = f": {event.share:.1%} of production traffic" if event.share is not None else ""
    settled = ", settled from traffic after an interruption" if event.settled else ""
    return f"{event.step} confirmed{share}{settled}"


def _settled(event: ev.ActionSettled) -> str:
    return f"{event.step}: a person settled the unknown outcome: {event.how.replace('_', ' ')}"


def _budget(event: ev.BudgetSpent) -> str:
    return f"{event.step}: the budget is {'used up' if event.breached else 'used to 80 %'}"


def _why(event: ev.WhyAdded) -> str:
    return f"why {event.why}{f' (explains {event.parent})' if event.parent else ''}: {event.text}"


def _item(event: ev.ActionItemAdded) -> str:
    return f"action item {event.item} for <@{event.owner}> until {event.due}: {event.text}"


_TELLERS: dict[type, Callable[[Any], str]] = {
    ev.IncidentOpened: _opened,
    ev.AlertsAttached: _alerts,
    ev.AlertsResolved: _alerts_resolved,
    ev.Acknowledged: lambda _: "acknowledged",
    ev.LeadChanged: lambda e: f"<@{e.lead}> leads",
    ev.SeverityChanged: lambda e: _and(f"severity is {e.severity}", e.reason),
    ev.NoteAdded: lambda e: e.text,
    ev.Resolved: lambda e: _and("resolved", e.summary),
    ev.Reopened: lambda e: _and("reopened", e.reason),
    ev.Cancelled: lambda e: _and("closed as a false alarm", e.reason),
    ev.UpdatePublished: lambda e: _and(f"{e.audience} told", e.text),
    ev.RunbookAttached: lambda e: _and(f"runbook {e.runbook.id} v{e.runbook.version} attached", e.because),
    ev.VersionsSeen: _versions,
    ev.StepMeasured: lambda e: _and(f"{e.step}: {e.verdict.replace('_', ' ')}", e.because),
    ev.StepRerun: lambda e: f"{e.step}: measured again",
    ev.StepAssigned: lambda e: f"{e.step} assigned to <@{e.to}>",
    ev.StepDone: lambda e: _and(f"{e.step} done", e.answer),
    ev.StepSkipped: lambda e: _and(f"{e.step} skipped", e.reason),
    ev.Chosen: _chosen,
    ev.HelpAsked: lambda e: _and("asked for help", e.reason),
    ev.ApprovalRequested: _requested,
    ev.Approved: lambda e: f"{e.step} approved",
    ev.Declined: lambda e: _and(f"{e.step} declined", e.reason),
    ev.ApprovalLapsed: lambda e: f"{e.step}: the approval lapsed",
    ev.ActionStarted: _started,
    ev.ActionFinished: _finished,
    ev.ActionConfirmed: _confirmed,
    ev.ActionUnknown: lambda e: _and(f"{e.step}: the outcome is unknown", e.because),
    ev.ActionSettled: _settled,
    ev.BudgetSpent: _budget,
    ev.DoneOutside: lambda e: _and(f"{e.step} done outside", e.note),
    ev.WatchStarted: lambda e: f"watching until {stamp(e.until)}",
    ev.WatchEnded: lambda e: _and(f"the watch ended: {e.verdict.replace('_', ' ')}", e.because),
    ev.WhyAdded: _why,
    ev.ActionItemAdded: _item,
    ev.ActionItemDone: lambda e: f"action item {e.item} done",
    ev.SectionWritten: lambda e: f"wrote the section {e.section} of the postmortem",
    ev.ChannelOpened: lambda e: f"channel #{e.name} opened",
    ev.ChannelRefused: lambda e: f"no channel could be created ({e.code}); the incident lives in a thread",
    ev.SlackRefused: lambda e: f"Slack refused {e.method} for {e.surface}: {e.code}",
    ev.Redacted: lambda e: f"entry {e.seq} was redacted",
}
