"""The fold: one small function per event says what changes. Pure, total, and the only maker of ``Incident``.

``fold(entries)`` is ``functools.reduce(apply, entries)``; applying the newest entries to a stored head gives the
same value as folding the whole log, so a head and its snapshot are only ever a matter of speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.incident import (
    ActionState,
    Incident,
    ItemState,
    StepState,
    UpdateState,
    Versions,
    WatchState,
    WhyState,
)
from bot.runbooks.schema import SEVERITIES, Task


def fold(entries: Iterable[ev.Entry], head: Incident | None = None) -> Incident | None:
    """The incident after ``entries``, which continue ``head``; None for an empty log."""
    for entry in entries:
        head = apply(head, entry)
    return head


def apply(head: Incident | None, entry: ev.Entry) -> Incident:
    """The incident after one more entry. Raises ``ValueError`` if the log does not begin with ``IncidentOpened``."""
    if head is None:
        if not isinstance(entry.event, ev.IncidentOpened):
            raise ValueError("a log begins with IncidentOpened")
        return _opened(entry.event, entry)
    change = _CHANGES.get(type(entry.event))
    changes = change(head, entry.event, entry) if change else {}
    return replace(head, seq=entry.seq, last_at=entry.at, **changes)


Changes = dict[str, Any]


def _opened(event: ev.IncidentOpened, entry: ev.Entry) -> Incident:
    return Incident(
        seq=entry.seq, opened_at=entry.at, opened_by=entry.by, last_at=entry.at,
        number=event.number, title=event.title, service=event.service, failure_mode=event.failure_mode,
        source=event.source, team_id=event.team_id, severity=event.severity, channel_name=event.channel_name,
        owner=event.owner, consumers=event.consumers, audiences=event.audiences, invite=event.invite,
        people=event.people, labels=event.labels, alert_name=event.alert_name, alert_text=event.alert_text,
        alert_url=event.alert_url, began_at=event.began_at, connected=event.connected,
    )  # fmt: skip


def worse(one: str | None, other: str | None) -> str | None:
    """The higher of two severities; SEV1 is the highest, None the lowest."""
    return min((s for s in (one, other) if s), key=SEVERITIES.index, default=None)


# --- the incident -----------------------------------------------------------------------------------------------


def _alerts_attached(head: Incident, event: ev.AlertsAttached, _: ev.Entry) -> Changes:
    return {"alerts": head.alerts + event.count, "firing": True}


def _alerts_resolved(_: Incident, event: ev.AlertsResolved, __: ev.Entry) -> Changes:
    return {"firing": event.firing > 0}


def _acknowledged(head: Incident, _: ev.Acknowledged, entry: ev.Entry) -> Changes:
    return {} if head.acknowledged_by else {"acknowledged_by": entry.by, "acknowledged_at": entry.at}


def _lead(_: Incident, event: ev.LeadChanged, __: ev.Entry) -> Changes:
    return {"lead": event.lead}


def _severity(_: Incident, event: ev.SeverityChanged, __: ev.Entry) -> Changes:
    return {"severity": event.severity}


def _ended(_: Incident, event: ev.Resolved | ev.Cancelled, entry: ev.Entry) -> Changes:
    status = "resolved" if isinstance(event, ev.Resolved) else "cancelled"
    return {"status": status, "status_at": entry.at, "status_by": entry.by}


def _reopened(head: Incident, event: ev.Reopened, entry: ev.Entry) -> Changes:
    """Evidence, decisions and actions begin anew with the next attempt; what people did by hand stays done."""
    by_hand = {step.id for step in head.walk() if isinstance(step.spec, Task)}
    steps = {
        step: state if step in by_hand else StepState(attempt=state.attempt + 1, assigned=state.assigned)
        for step, state in head.steps.items()
    }
    return {
        "status": "open", "status_at": entry.at, "status_by": entry.by, "reopened": head.reopened + 1,
        "reopened_because": event.reason, "versions": None, "steps": steps,
    }  # fmt: skip


def _update(head: Incident, event: ev.UpdatePublished, entry: ev.Entry) -> Changes:
    told = UpdateState(seq=entry.seq, audience=event.audience, text=event.text, at=entry.at, by=entry.by)
    changes: Changes = {"updates": (*head.updates, told)}
    if event.step:
        changes |= _step(head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq)
    return changes


def _redacted(head: Incident, event: ev.Redacted, _: ev.Entry) -> Changes:
    steps = {k: replace(s, text="") if s.seq == event.seq else s for k, s in head.steps.items()}
    updates = tuple(replace(u, text="(redacted)") if u.seq == event.seq else u for u in head.updates)
    return {"steps": steps, "updates": updates}


# --- steps ------------------------------------------------------------------------------------------------------


def _step(head: Incident, step: str, **changes: Any) -> Changes:
    return {"steps": {**head.steps, step: replace(head.state(step), **changes)}}


def _runbook(_: Incident, event: ev.RunbookAttached, __: ev.Entry) -> Changes:
    return {"runbook": event.runbook}


def _versions(_: Incident, event: ev.VersionsSeen, __: ev.Entry) -> Changes:
    seen = Versions(running=event.running, target=event.target, shares=event.shares, because=event.because)
    return {"versions": seen}


def _measured(head: Incident, event: ev.StepMeasured, entry: ev.Entry) -> Changes:
    return _step(
        head, event.step, attempt=event.attempt, phase="done", by=entry.by, at=entry.at, verdict=event.verdict,
        because=event.because, value=event.value, baseline=event.baseline, n=event.n, low=event.low,
        high=event.high, target=event.target, again_at=event.again_at, evidence=event.evidence,
    )  # fmt: skip


def _rerun(head: Incident, event: ev.StepRerun, _: ev.Entry) -> Changes:
    return {"steps": {**head.steps, event.step: StepState(attempt=event.attempt)}}


def _assigned(head: Incident, event: ev.StepAssigned, _: ev.Entry) -> Changes:
    return _step(head, event.step, assigned=event.to)


def _done(head: Incident, event: ev.StepDone, entry: ev.Entry) -> Changes:
    return _step(head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.answer)


def _skipped(head: Incident, event: ev.StepSkipped, entry: ev.Entry) -> Changes:
    return _step(head, event.step, phase="skipped", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason)


def _chosen(head: Incident, event: ev.Chosen, entry: ev.Entry) -> Changes:
    return _step(
        head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason,
        choice=event.option,
    )  # fmt: skip


# --- actions ----------------------------------------------------------------------------------------------------


def _requested(head: Incident, event: ev.ApprovalRequested, entry: ev.Entry) -> Changes:
    before = head.state(event.step).action
    action = ActionState(
        phase="requested", attempt=event.attempt, target=event.target, running=event.running, undo=event.undo,
        requested_by=entry.by, requested_at=entry.at, expires_at=event.expires_at, approvers=event.approvers,
        count=event.count, not_requester=event.not_requester,
        captured=before.captured if before and event.undo else {},
        arguments=before.arguments if before and event.undo else {},
    )  # fmt: skip
    return _step(head, event.step, attempt=event.attempt, phase="open", action=action)


def _act(head: Incident, step: str, **changes: Any) -> Changes:
    action = head.state(step).action
    return {} if action is None else _step(head, step, action=replace(action, **changes))


def _approved(head: Incident, event: ev.Approved, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    said_yes = (*action.approved_by, entry.by) if action else ()
    changes: Changes = {"phase": "approved", "approved_at": entry.at} if event.enough else {}
    return _act(head, event.step, approved_by=said_yes, **changes)


def _declined(head: Incident, event: ev.Declined, entry: ev.Entry) -> Changes:
    changes = _act(head, event.step, phase="declined")
    return changes and _step(
        head, event.step, action=changes["steps"][event.step].action, by=entry.by, at=entry.at, seq=entry.seq,
        text=event.reason,
    )  # fmt: skip


def _lapsed(head: Incident, event: ev.ApprovalLapsed, _: ev.Entry) -> Changes:
    return _act(head, event.step, phase="lapsed")


def _started(head: Incident, event: ev.ActionStarted, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    captured = action.captured if action and action.undo else event.captured
    return _act(
        head, event.step, phase="started", started_at=entry.at, lease_no=event.lease_no, captured=captured,
        arguments=event.arguments, was_done=event.was_done,
    )  # fmt: skip


def _finished(head: Incident, event: ev.ActionFinished, entry: ev.Entry) -> Changes:
    written = {"written_at": entry.at} if event.outcome == "written" else {}
    return _act(head, event.step, phase=event.outcome, because=event.because, **written)


def _looked(head: Incident, event: ev.ActionLooked, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    in_a_row = action.holds + 1 if action and event.holds else 0
    return _act(head, event.step, holds=in_a_row, share=event.share, looked_at=entry.at)


def _safe(head: Incident, step: str, *, phase: str, at: datetime, by: str, seq: int, text: str = "") -> Changes:
    state = head.state(step)
    action = state.action or ActionState(phase="outside", attempt=state.attempt)
    action = replace(action, phase=phase, confirmed_at=at)
    return _step(head, step, phase="done", by=by, at=at, seq=seq, text=text, action=action)


def _confirmed(head: Incident, event: ev.ActionConfirmed, entry: ev.Entry) -> Changes:
    return _safe(head, event.step, phase="confirmed", at=entry.at, by=entry.by, seq=entry.seq)


def _outside(head: Incident, event: ev.DoneOutside, entry: ev.Entry) -> Changes:
    return _safe(head, event.step, phase="outside", at=entry.at, by=entry.by, seq=entry.seq, text=event.note)


def _unknown(head: Incident, event: ev.ActionUnknown, _: ev.Entry) -> Changes:
    return _act(head, event.step, phase="unknown", because=event.because)


def _settled(head: Incident, event: ev.ActionSettled, entry: ev.Entry) -> Changes:
    if event.how == "done":
        return _safe(head, event.step, phase="confirmed", at=entry.at, by=entry.by, seq=entry.seq)
    # Run again: the same approval, a new attempt, so that no attempt is ever started twice.
    again = head.state(event.step).attempt + 1
    changes = _act(head, event.step, phase="approved", approved_at=entry.at, attempt=again, looked_at=None, holds=0)
    return changes and _step(head, event.step, attempt=again, action=changes["steps"][event.step].action)


def _budget(head: Incident, event: ev.BudgetSpent, _: ev.Entry) -> Changes:
    return _act(head, event.step, warned=True, **({"breached": True} if event.breached else {}))


# --- the watch --------------------------------------------------------------------------------------------------


def _watch_started(head: Incident, event: ev.WatchStarted, entry: ev.Entry) -> Changes:
    watch = WatchState(since=entry.at, until=event.until, every=event.every)
    return _step(head, event.step, attempt=event.attempt, watch=watch)


def _watch_looked(head: Incident, event: ev.WatchLooked, entry: ev.Entry) -> Changes:
    watch = head.state(event.step).watch
    if watch is None:
        return {}
    # No data neither breaks a row of bad looks nor makes it longer.
    in_a_row = {"bad": watch.bad_in_a_row + 1, "ok": 0, "warn": 0}.get(event.verdict, watch.bad_in_a_row)
    looked = replace(
        watch, looks=watch.looks + 1, bad_in_a_row=in_a_row, looked_at=entry.at, verdict=event.verdict,
        because=event.because, value=event.value,
    )  # fmt: skip
    return _step(head, event.step, watch=looked)


def _watch_ended(head: Incident, event: ev.WatchEnded, entry: ev.Entry) -> Changes:
    watch = head.state(event.step).watch
    if watch is None:
        return {}
    ended = replace(watch, ended_at=entry.at, verdict=event.verdict, because=event.because)
    return _step(head, event.step, phase="done", at=entry.at, watch=ended, verdict=event.verdict)


# --- learning, and Slack ----------------------------------------------------------------------------------------


def _why(head: Incident, event: ev.WhyAdded, _: ev.Entry) -> Changes:
    return {"whys": (*head.whys, WhyState(why=event.why, parent=event.parent, role=event.role))}


def _item(head: Incident, event: ev.ActionItemAdded, _: ev.Entry) -> Changes:
    return {"items": (*head.items, ItemState(item=event.item, owner=event.owner, due=event.due))}


def _item_done(head: Incident, event: ev.ActionItemDone, _: ev.Entry) -> Changes:
    return {"items": tuple(replace(i, done=True) if i.item == event.item else i for i in head.items)}


def _section(head: Incident, event: ev.SectionWritten, _: ev.Entry) -> Changes:
    return {"sections": head.sections | {event.section}}


def _channel(_: Incident, event: ev.ChannelOpened, __: ev.Entry) -> Changes:
    return {"channel": event.channel, "channel_name": event.name}


def _thread(_: Incident, __: ev.ChannelRefused, ___: ev.Entry) -> Changes:
    return {"place": "thread"}


def _refused(head: Incident, event: ev.SlackRefused, _: ev.Entry) -> Changes:
    return {"refused": (*(s for s in head.refused if s != event.surface), event.surface)}


_CHANGES: dict[type, Callable[[Incident, Any, ev.Entry], Changes]] = {
    ev.AlertsAttached: _alerts_attached,
    ev.AlertsResolved: _alerts_resolved,
    ev.Acknowledged: _acknowledged,
    ev.LeadChanged: _lead,
    ev.SeverityChanged: _severity,
    ev.Resolved: _ended,
    ev.Cancelled: _ended,
    ev.Reopened: _reopened,
    ev.UpdatePublished: _update,
    ev.Redacted: _redacted,
    ev.RunbookAttached: _runbook,
    ev.VersionsSeen: _versions,
    ev.StepMeasured: _measured,
    ev.StepRerun: _rerun,
    ev.StepAssigned: _assigned,
    ev.StepDone: _done,
    ev.StepSkipped: _skipped,
    ev.Chosen: _chosen,
    ev.ApprovalRequested: _requested,
    ev.Approved: _approved,
    ev.Declined: _declined,
    ev.ApprovalLapsed: _lapsed,
    ev.ActionStarted: _started,
    ev.ActionFinished: _finished,
    ev.ActionLooked: _looked,
    ev.ActionConfirmed: _confirmed,
    ev.ActionUnknown: _unknown,
    ev.ActionSettled: _settled,
    ev.BudgetSpent: _budget,
    ev.DoneOutside: _outside,
    ev.WatchStarted: _watch_started,
    ev.WatchLooked: _watch_looked,
    ev.WatchEnded: _watch_ended,
    ev.WhyAdded: _why,
    ev.ActionItemAdded: _item,
    ev.ActionItemDone: _item_done,
    ev.SectionWritten: _section,
    ev.ChannelOpened: _channel,
    ev.ChannelRefused: _thread,
    ev.SlackRefused: _refused,
}
