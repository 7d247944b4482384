"""The log told to people: one line per entry that somebody would want to read, in the log's order.

A rendering, like the channel and the postmortem: it holds nothing of its own and so cannot disagree with what
happened. Looks of a watch and polls of ``done_when`` are left out; what they led to is in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.counting import approvals
from bot.incidents.folding.privacy import shown
from bot.incidents.mentions import call, mentioned
from bot.incidents.stamps import stamp
from bot.incidents.telling import (
    actions,
    archiving,
    changes,
    guests,
    links,
    people,
    privacy,
    silences,
    steps,
    together,
    triage,
)

_USER = re.compile(r"^[UW][A-Z0-9]{2,}$")


class Line(msgspec.Struct, frozen=True):
    """``text`` may hold stamps and ``<@U…>``; ``at`` is when it happened, which a note may put before its entry."""

    seq: int
    at: datetime
    by: str
    kind: str
    text: str


def timeline(entries: Iterable[ev.Entry]) -> tuple[Line, ...]:
    """The lines, ordered by when things happened; lines of one moment in the log's order."""
    lines = [line for entry in without_echoes(entries) if (line := _line(entry)) is not None]
    return tuple(sorted(lines, key=lambda line: (line.at, line.seq)))


def without_echoes(entries: Iterable[ev.Entry]) -> Iterator[ev.Entry]:
    """The entries, without readings of what serves, or who is on call, that say what the one before them said.

    Of an alert that flaps nothing is told from then on.
    """
    said: str | None = None
    told: dict[str, str] = {}
    flapping: set[str] = set()
    for entry in entries:
        if isinstance(entry.event, ev.FlappingSeen):
            flapping.add(entry.event.fingerprint)
        if isinstance(entry.event, ev.AlertsAttached | ev.AlertsResolved) and _only(flapping, entry.event):
            continue
        if isinstance(entry.event, ev.OnCallSeen):
            before, told[entry.event.who] = told.get(entry.event.who), people.on_call(entry.event)
            if told[entry.event.who] == before:
                continue
        if isinstance(entry.event, ev.VersionsSeen):
            before, said = said, _versions(entry.event)
            if said == before:
                continue
        yield entry


def _only(flapping: set[str], event: ev.AlertsAttached | ev.AlertsResolved) -> bool:
    """Whether the event is about nothing but alerts that flap."""
    return event.count == len(event.fingerprints) and flapping.issuperset(event.fingerprints)


def people_in(lines: Iterable[Line]) -> frozenset[str]:
    """The Slack user ids that the lines hold."""
    found: set[str] = set()
    for line in lines:
        found.update(mentioned(line.text), _USER.findall(line.by))
    return frozenset(found)


def named(lines: Iterable[Line], names: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines with people called by their names; whoever has none keeps the id."""
    return tuple(replace(line, by=names.get(line.by, line.by), text=call(line.text, names.get)) for line in lines)


def _line(entry: ev.Entry) -> Line | None:
    tell = _TELLERS.get(type(entry.event))
    if tell is None:
        return None
    at = entry.event.written_at if isinstance(entry.event, ev.NoteAdded) and entry.event.written_at else entry.at
    kind = type(entry.event).__name__
    text = tell(entry.event)
    if not text:
        return None
    if isinstance(entry.event, ev.LeadChanged) and entry.event.lead == entry.by:
        text = "took the lead"
    return Line(seq=entry.seq, at=at, by=entry.by, kind=kind, text=text)


def _and(lead: str, text: str) -> str:
    return f"{lead}: {text}" if text else lead


def _opened(event: ev.IncidentOpened) -> str:
    event = shown(event)
    said = _and(event.alert_name or event.title or "(redacted)", event.alert_text)
    since = f", since {stamp(event.began_at)}" if event.began_at else ""
    severity = event.severity or "SEV?"
    how = "opened" if event.waiting is None else "announced" if event.waiting.announced else "held back"
    return f"{severity} {how} for {event.service} by {event.source}: {said}{since}"


#: how a measurement came out, as people say it
_VERDICTS = {
    "ok": "normal", "warn": "worth a look", "bad": "bad", "inconclusive": "inconclusive", "no_data": "no data",
    "error": "could not be measured",
}  # fmt: skip
_OUTCOMES = {"written": "the call was accepted", "refused": "not carried out", "unknown": "the answer was lost"}


def _version(name: str) -> str:
    """``v42`` for the version ``42``; any other name as it is."""
    return f"v{name}" if name[:1].isdigit() else name


def _versions(event: ev.VersionsSeen) -> str:
    if event.running is None:
        return f"which version serves is not known: {event.because}"
    if event.target is None:
        return _and(f"{_version(event.running)} serves; there is no version to go back to", event.because)
    known = f"{_version(event.running)} serves; {_version(event.target)} is the one to go back to"
    return "; ".join([known, *event.unsure, *event.says])


def _measured(event: ev.StepMeasured) -> str:
    return _and(f"{event.step} ({_VERDICTS[event.verdict]})", event.because)


def _requested(event: ev.ApprovalRequested) -> str:
    asked = _wish(event)
    who = " or ".join(f"<@{user}>" for user in event.approvers) or "anybody else"
    if event.auto_at is not None:
        return f"asked {asked}; begins by itself {stamp(event.auto_at)} unless somebody stops it"
    return f"asked {asked}; needs {approvals(event.count)}, from {who}"


def _wish(event: ev.ApprovalRequested) -> str:
    if not event.version:
        return _and(f"to undo {event.step}" if event.undo else f"for {event.step}", event.target)
    to = _version(event.target)
    back = "to roll back" if event.step == "rollback" else f"for {event.step}"
    return f"to undo {event.step}, back to {to}" if event.undo else f"{back} to {to}"


def _approved(event: ev.Approved) -> str:
    said = f"approved {event.step}" if event.enough else f"said yes to {event.step}; that is not enough yet"
    return _and(f"{said}, although", "; ".join(event.confirmed)) if event.confirmed else said


def _confirmed(event: ev.ActionConfirmed) -> str:
    share = f": {event.share:.1%} of production traffic is there" if event.share is not None else ""
    settled = "; told from traffic after an interruption" if event.settled else ""
    return f"{event.step} is done{share}{settled}"


def _settled(event: ev.ActionSettled) -> str:
    how = "it was carried out" if event.how == "done" else "run it again"
    return f"settled the unknown outcome of {event.step}: {how}"


def _budget(event: ev.BudgetSpent) -> str:
    return f"{event.step}: the budget is {'used up; it goes on' if event.breached else 'used to 80 %'}"


def _watch_ended(event: ev.WatchEnded) -> str:
    return _and(f"the watch is over ({_VERDICTS[event.verdict]})", event.because)


def _why(event: ev.WhyAdded) -> str:
    return f"why {event.why}{f' (explains {event.parent})' if event.parent else ''}: {event.text}"


def _item(event: ev.ActionItemAdded) -> str:
    return f"action item {event.item}, <@{event.owner}> until {event.due}: {event.text}"


_TELLERS: dict[type, Callable[[Any], str]] = {
    **steps.TELLERS,
    **people.TELLERS,
    **actions.TELLERS,
    **privacy.TELLERS,
    **together.TELLERS,
    **guests.TELLERS,
    **changes.TELLERS,
    **silences.TELLERS,
    **archiving.TELLERS,
    **links.TELLERS,
    **triage.TELLERS,
    ev.IncidentOpened: _opened,
    ev.Acknowledged: lambda _: "acknowledged",
    ev.LeadChanged: lambda e: f"gave the lead to <@{e.lead}>",
    ev.SeverityChanged: lambda e: _and(f"set the severity to {e.severity}", e.reason),
    ev.NoteAdded: lambda e: e.text,
    ev.Resolved: lambda e: _and("resolved", e.summary),
    ev.Reopened: lambda e: _and("reopened", e.reason),
    ev.Cancelled: lambda e: _and("closed it as a false alarm", e.reason),
    ev.UpdatePublished: lambda e: _and(f"told {e.audience}", e.text),
    ev.VersionsSeen: _versions,
    ev.StepMeasured: _measured,
    ev.ApprovalRequested: _requested,
    ev.Approved: _approved,
    ev.Declined: lambda e: _and(f"declined {e.step}", e.reason),
    ev.ApprovalLapsed: lambda e: f"the request for {e.step} lapsed; nothing was changed",
    ev.ActionFinished: lambda e: _and(f"{e.step}: {_OUTCOMES[e.outcome]}", e.because),
    ev.ActionConfirmed: _confirmed,
    ev.ActionUnknown: lambda e: _and(f"nobody can tell whether {e.step} was carried out", e.because),
    ev.ActionSettled: _settled,
    ev.BudgetSpent: _budget,
    ev.JumpTested: lambda e: e.because,
    ev.DoneOutside: lambda e: _and(f"did {e.step} outside", e.note),
    ev.WatchStarted: lambda e: f"watching until {stamp(e.until)}",
    ev.WatchEnded: _watch_ended,
    ev.WhyAdded: _why,
    ev.ActionItemAdded: _item,
    ev.ActionItemDone: lambda e: f"action item {e.item} done",
    ev.SectionWritten: lambda e: f"wrote the section {e.section} of the postmortem",
    ev.ChannelOpened: lambda e: f"channel #{e.name} opened",
    ev.ChannelRefused: lambda e: f"Slack allowed no channel ({e.code}); the incident lives in a thread",
    ev.SlackRefused: lambda e: f"Slack refused {e.method} for {e.surface}: {e.code}",
    ev.Redacted: lambda e: f"entry {e.seq} was redacted",
}
