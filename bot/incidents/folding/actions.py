"""What changes when the world is about to change, changes, and is watched."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.acting import NOBODY, ActionState, Settled, WatchState
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.incident import Incident
from bot.incidents.rehearsals import RehearsalState


def _requested(head: Incident, event: ev.ApprovalRequested, entry: ev.Entry) -> Changes:
    asked_before = head.state(event.step).action
    before = asked_before.effective if asked_before and event.undo else None
    action = ActionState(
        phase="requested", attempt=event.attempt, target=event.target, running=event.running, undo=event.undo,
        requested_by=entry.by, requested_at=entry.at, expires_at=event.expires_at, approvers=event.approvers,
        count=event.count, not_requester=event.not_requester, version=event.version, unsure=event.unsure,
        auto_at=event.auto_at, rehearsal=_still_good(asked_before, event),
    )  # fmt: skip
    if before is None:
        return step_changes(head, event.step, attempt=event.attempt, phase="open", action=action)
    action = replace(
        action, before=before, captured=before.captured, arguments=before.arguments, also=before.also,
        shares=before.shares, doubted=before.doubted,
        settled=before.settled, settled_by=before.settled_by, settled_at=before.settled_at,
    )  # fmt: skip
    action = replace(action, **_doubt_ended(before, "undo", entry))
    return step_changes(head, event.step, attempt=event.attempt, action=action)


def _still_good(before: ActionState | None, event: ev.ApprovalRequested) -> RehearsalState | None:
    """The rehearsal of an earlier request for the same target, if it passed; how old it may be is asked later."""
    done = before.rehearsal if before is not None and not event.undo else None
    return done if done is not None and done.phase == "ok" and done.target == event.target else None


def _act(head: Incident, step: str, **changes: Any) -> Changes:
    action = head.state(step).action
    return {} if action is None else step_changes(head, step, action=replace(action, **changes))


def _approved(head: Incident, event: ev.Approved, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    said_yes = (*action.approved_by, entry.by) if action else ()
    changes: Changes = {"phase": "approved", "approved_at": entry.at} if event.enough else {}
    if event.confirmed:
        changes["confirmed_by"] = entry.by
    return _act(head, event.step, approved_by=said_yes, **changes)


def _declined(head: Incident, event: ev.Declined, entry: ev.Entry) -> Changes:
    changes = _act(head, event.step, phase="declined")
    return changes and step_changes(
        head, event.step, action=changes["steps"][event.step].action, by=entry.by, at=entry.at, seq=entry.seq,
        text=event.reason,
    )  # fmt: skip


def _lapsed(head: Incident, event: ev.ApprovalLapsed, _: ev.Entry) -> Changes:
    return _not_begun(head, event.step, phase="lapsed")


def _started(head: Incident, event: ev.ActionStarted, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    # an undo keeps what it goes back to; what runs again keeps what stood there before it ran at all
    again = action is not None and action.settled == "run_again" and bool(action.captured)
    kept = action if action is not None and (action.undo or again) else event
    return _act(
        head, event.step, phase="started", started_at=entry.at, lease_no=event.lease_no, captured=kept.captured,
        arguments=event.arguments, was_done=event.was_done, also=kept.also, shares=kept.shares,
        calls=1 + len(event.also), begun=1, half=False,
    )  # fmt: skip


def _goes_on(head: Incident, event: ev.CallStarted, _: ev.Entry) -> Changes:
    return _act(head, event.step, begun=event.number)


def _finished(head: Incident, event: ev.ActionFinished, entry: ev.Entry) -> Changes:
    if event.outcome == "unknown":  # as if another process had started it: only what traffic shows can settle it
        return _act(head, event.step, because=event.because, lease_no=NOBODY)
    if event.outcome == "refused":
        return _not_begun(head, event.step, phase="refused", because=event.because) | _stale(head)
    written = {"written_at": entry.at} if event.outcome == "written" else {}
    return _act(head, event.step, phase=event.outcome, because=event.because, **written)


def _not_begun(head: Incident, step: str, **changes: Any) -> Changes:
    """Nothing was changed; but of what ran again the time before is then as unknown as it was."""
    action = head.state(step).action
    if action is not None and action.settled == "run_again":
        changes |= {"phase": "unknown", "settled": None, "settled_by": "", "settled_at": None}
    return _act(head, step, **changes)


def _stale(head: Incident) -> Changes:
    """What serves and what the registry says may have changed: somebody released, a training made a candidate."""
    return {"versions": replace(head.versions, stale=True)} if head.versions is not None else {}


def _looked(head: Incident, event: ev.ActionLooked, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    in_a_row = action.holds + 1 if action and event.holds else 0
    return _act(head, event.step, holds=in_a_row, share=event.share, looked_at=entry.at)


def _safe(head: Incident, step: str, how: Settled, entry: ev.Entry, *, text: str = "") -> Changes:
    state = head.state(step)
    action = state.action.effective if state.action else ActionState(phase="outside", attempt=state.attempt)
    acted = "outside" if how == "outside" else "confirmed"
    if how == "outside":  # what traffic says about it is still to be read
        action = replace(action, looked_at=None, share=None)
    action = replace(action, phase=acted, confirmed_at=entry.at, **_doubt_ended(action, how, entry))
    phase = "open" if action.undo else "done"  # taken back: it may be asked for again
    changes = step_changes(head, step, phase=phase, by=entry.by, at=entry.at, seq=entry.seq, text=text, action=action)
    return changes | ({} if action.version else _stale(head))


def _doubt_ended(action: ActionState | None, how: Settled, entry: ev.Entry) -> Changes:
    """Who ended the doubt about an unknown outcome, and how; nothing if there was none."""
    if action is None or action.phase != "unknown":
        return {}
    return {"settled": how, "settled_by": entry.by, "settled_at": entry.at}


def _confirmed(head: Incident, event: ev.ActionConfirmed, entry: ev.Entry) -> Changes:
    return _safe(head, event.step, "traffic", entry)


def _outside(head: Incident, event: ev.DoneOutside, entry: ev.Entry) -> Changes:
    changes = _safe(head, event.step, "outside", entry, text=event.note)
    action = changes["steps"][event.step].action
    return step_changes(replace(head, **changes), event.step, action=replace(action, running=event.running))


def _unknown(head: Incident, event: ev.ActionUnknown, _: ev.Entry) -> Changes:
    doubt = {"doubted": event.attempt, "settled": None, "settled_by": "", "settled_at": None}
    return _act(head, event.step, phase="unknown", because=event.because, half=event.half, **doubt)


def _settled(head: Incident, event: ev.ActionSettled, entry: ev.Entry) -> Changes:
    if event.how == "done":
        return _safe(head, event.step, "done", entry)
    # Run again: the same approval, a new attempt, so that no attempt is ever started twice.
    state = head.state(event.step)
    if state.action is None:
        return {}
    action = replace(
        state.action.effective, phase="approved", approved_at=entry.at, attempt=state.attempt + 1, looked_at=None,
        holds=0, written_at=None, warned=False, breached=False, seen=(), read_at=None, unread="",
        **_doubt_ended(state.action.effective, "run_again", entry),
    )  # fmt: skip
    return step_changes(head, event.step, attempt=action.attempt, action=action)


def _budget(head: Incident, event: ev.BudgetSpent, _: ev.Entry) -> Changes:
    return _act(head, event.step, warned=True, **({"breached": True} if event.breached else {}))


def _watch_started(head: Incident, event: ev.WatchStarted, entry: ev.Entry) -> Changes:
    watch = WatchState(since=entry.at, until=event.until, every=event.every)
    return step_changes(head, event.step, attempt=event.attempt, phase="open", verdict=None, watch=watch)


def _watch_looked(head: Incident, event: ev.WatchLooked, entry: ev.Entry) -> Changes:
    watch = head.state(event.step).watch
    if watch is None:
        return {}
    # No data neither breaks a row of bad looks nor makes it longer.
    in_a_row = {"bad": watch.bad_in_a_row + 1, "ok": 0, "warn": 0}.get(event.verdict, watch.bad_in_a_row)
    looked = replace(
        watch, looks=watch.looks + 1, bad_in_a_row=in_a_row, looked_at=entry.at, verdict=event.verdict,
        because=event.because, value=event.value, tallies={**watch.tallies, **event.tallies},
        holds=event.holds or watch.holds,
    )  # fmt: skip
    return step_changes(head, event.step, watch=looked)


def _watch_ended(head: Incident, event: ev.WatchEnded, entry: ev.Entry) -> Changes:
    watch = head.state(event.step).watch
    if watch is None:
        return {}
    ended = replace(watch, ended_at=entry.at, verdict=event.verdict, because=event.because)
    return step_changes(head, event.step, phase="done", at=entry.at, watch=ended, verdict=event.verdict)


CHANGES: Table = {
    ev.ApprovalRequested: _requested,
    ev.Approved: _approved,
    ev.Declined: _declined,
    ev.ApprovalLapsed: _lapsed,
    ev.ActionStarted: _started,
    ev.CallStarted: _goes_on,
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
}
