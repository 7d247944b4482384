"""What the bot found out by itself: kept if it still applies, dropped without a word if it does not.

A measurement may come back after somebody asked for it anew, a look after the watch ended, an answer of a call
after another process settled it. ``accept`` keeps the log free of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.acting import ActionPhase
from bot.incidents.again import knows_more
from bot.incidents.deciding import archiving, quiet, silences
from bot.incidents.deciding.actions import rehearsed
from bot.incidents.deciding.triage import ended, opened, renewed
from bot.incidents.events.paging import IN_SLACK
from bot.incidents.fold import apply
from bot.incidents.folding.paging import key_of
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action

Events = tuple[ev.AnyEvent, ...]


def accept(incident: Incident, command: cmd.Report, by: str, now: datetime) -> Events:
    """The events of the report that apply, each judged after those before it."""
    kept: list[ev.AnyEvent] = []
    for event in command.events:
        applies = _APPLIES.get(type(event))
        if applies is None or applies(incident, event, now):
            kept.append(event)
            incident = apply(incident, ev.Entry(seq=incident.seq + 1, at=now, by=by, event=event))
    return tuple(kept)


#: nothing of it goes on here
_GONE = ("cancelled", "merged")
Applies = Callable[[Incident, Any, datetime], bool]


def _open(incident: Incident, _: ev.AnyEvent, __: datetime) -> bool:
    return incident.status == "open"


def _versions(incident: Incident, event: ev.VersionsSeen, _: datetime) -> bool:
    before = incident.versions
    final = before is not None and before.again_at is None and not before.stale
    same = final and before is not None and (before.running, before.target) == (event.running, event.target)
    return incident.status != "cancelled" and not same


def _measured(incident: Incident, event: ev.StepMeasured, _: datetime) -> bool:
    state = incident.state(event.step)
    waited_for = state.verdict is None or state.again_at is not None or knows_more(incident, state)
    return incident.status == "open" and state.phase != "skipped" and event.attempt == state.attempt and waited_for


def _action_in(*phases: ActionPhase) -> Applies:
    def applies(incident: Incident, event: Any, _: datetime) -> bool:
        action = incident.state(event.step).action
        return action is not None and action.attempt == event.attempt and action.phase in phases

    return applies


def _started(incident: Incident, event: ev.ActionStarted, now: datetime) -> bool:
    """Approvers and state are checked again at the last moment before the call: the approval has not lapsed."""
    action = incident.state(event.step).action
    if incident.status != "open" or action is None or action.attempt != event.attempt or action.phase != "approved":
        return False
    exempt = (ev.EVENKEEL, action.glass_by)
    allowed = not action.approvers or all(who in action.approvers for who in action.approved_by if who not in exempt)
    step = incident.runbook.step(event.step) if incident.runbook else None
    ready = step is None or not isinstance(step.spec, Action) or rehearsed(step.spec, action, now)
    return allowed and ready and (action.good_until is None or now < action.good_until)


def _by_itself(incident: Incident, event: ev.Approved, now: datetime) -> bool:
    """The bot approves only what the runbook's policy lets begin by itself, when its time has come."""
    action = incident.state(event.step).action
    waits = action is not None and action.attempt == event.attempt and action.phase == "requested"
    return waits and action is not None and action.auto_at is not None and now >= action.auto_at


def _first_request(incident: Incident, event: ev.ApprovalRequested, _: datetime) -> bool:
    return incident.status == "open" and incident.state(event.step).action is None and event.auto_at is not None


def _rehearsing(incident: Incident, event: Any, now: datetime) -> bool:
    action = incident.state(event.step).action
    runs = action is not None and action.rehearsal is not None and action.rehearsal.phase == "started"
    return runs and _action_in("requested", "approved")(incident, event, now)


def _rehearsal_begins(incident: Incident, event: ev.RehearsalStarted, now: datetime) -> bool:
    return not _rehearsing(incident, event, now) and _action_in("requested", "approved")(incident, event, now)


def _outside(incident: Incident, event: ev.OutsideLooked, now: datetime) -> bool:
    action = incident.state(event.step).action
    return action is not None and action.looked_at is None and _action_in("outside")(incident, event, now)


def _dry_run(incident: Incident, event: ev.DryRunFinished, _: datetime) -> bool:
    state = incident.state(event.step)
    return state.dry_run == event.number and not state.dry_lines


def _watching(incident: Incident, event: ev.WatchLooked | ev.WatchEnded, _: datetime) -> bool:
    state = incident.state(event.step)
    running = state.watch is not None and state.watch.ended_at is None
    return incident.status not in _GONE and running and event.attempt == state.attempt


def _watch_started(incident: Incident, event: ev.WatchStarted, _: datetime) -> bool:
    state = incident.state(event.step)
    first = state.watch is None and event.attempt == state.attempt
    again = state.watch is not None and state.watch.ended_at is not None and event.attempt == state.attempt + 1
    return incident.status == "open" and (first or again)


def _wait_started(incident: Incident, event: ev.WaitStarted, _: datetime) -> bool:
    state = incident.state(event.step)
    waits = state.phase == "open" and state.wait is None
    return incident.status == "open" and waits and state.attempt == event.attempt


def _wait_ended(incident: Incident, event: ev.WaitEnded, _: datetime) -> bool:
    state = incident.state(event.step)
    begun = state.wait is not None and state.phase == "open"
    return incident.status == "open" and begun and state.attempt == event.attempt


def _next_attempt(incident: Incident, event: ev.StepRerun | ev.UpdateDue, _: datetime) -> bool:
    return incident.status == "open" and event.attempt == incident.state(event.step).attempt + 1


def _relapse(incident: Incident, event: ev.Reopened, _: datetime) -> bool:
    watch = incident.state(event.step).watch if event.step else None
    return incident.status not in _GONE and (watch is None or watch.verdict == "bad")


def _paged(incident: Incident, event: ev.Paged, _: datetime) -> bool:
    """A mention once; a pager that rang, or could not be reached, as often as it was tried, be it over meanwhile."""
    before = incident.pages.get(key_of(event))
    return before is None or (event.how != IN_SLACK and bool(before.because))


def _quieted(incident: Incident, event: ev.PagerQuieted, _: datetime) -> bool:
    about = (event.what, event.step, event.attempt, event.level, event.how)
    rang = (p for p in incident.pages.values() if (p.what, p.step, p.attempt, p.level, p.how) == about)
    return any(page.quiet not in (event.outcome, "resolved") for page in rang)


def _overdue(incident: Incident, event: ev.StepOverdue, _: datetime) -> bool:
    state = incident.state(event.step)
    return incident.status == "open" and (state.attempt, state.overdue) == (event.attempt, event.level)


def _assigned(incident: Incident, event: ev.StepAssigned, _: datetime) -> bool:
    return incident.status == "open" and not incident.state(event.step).assigned


def _channel(incident: Incident, event: ev.ChannelOpened, _: datetime) -> bool:
    return incident.channel != event.channel and incident.place != "guest"


def _thread(incident: Incident, _: ev.ChannelRefused, __: datetime) -> bool:
    return incident.place == "channel" and not incident.channel


_APPLIES: dict[type, Applies] = {
    ev.VersionsSeen: _versions,
    ev.StepMeasured: _measured,
    ev.ApprovalLapsed: _action_in("requested", "approved"),
    ev.ActionStarted: _started,
    ev.ActionFinished: _action_in("approved", "started"),
    ev.ActionLooked: _action_in("started", "written", "unknown"),
    ev.ActionConfirmed: _action_in("started", "written", "unknown"),
    ev.ActionUnknown: _action_in("started", "written"),
    ev.ApprovalRequested: _first_request,
    ev.Approved: _by_itself,
    ev.Declined: _action_in("requested"),
    ev.StateRead: _action_in("requested", "approved"),
    ev.RehearsalStarted: _rehearsal_begins,
    ev.RehearsalLooked: _rehearsing,
    ev.RehearsalFinished: _rehearsing,
    ev.GlassOffered: _action_in("requested"),
    ev.CallStarted: _action_in("started"),
    ev.OutsideLooked: _outside,
    ev.DryRunFinished: _dry_run,
    ev.BudgetSpent: _action_in("approved", "started", "written", "unknown"),
    ev.WatchStarted: _watch_started,
    ev.WatchLooked: _watching,
    ev.WatchEnded: _watching,
    ev.WaitStarted: _wait_started,
    ev.WaitEnded: _wait_ended,
    ev.StepRerun: _next_attempt,
    ev.UpdateDue: _next_attempt,
    ev.Reopened: _relapse,
    ev.ChannelOpened: _channel,
    ev.ChannelRefused: _thread,
    ev.AlertsAttached: _open,
    ev.ResolveProposed: quiet.proposed,
    ev.Resolved: quiet.resolved,
    ev.OnCallSeen: _open,
    ev.Paged: _paged,
    ev.PagerQuieted: _quieted,
    ev.StepOverdue: _overdue,
    ev.StepAssigned: _assigned,
    **silences.APPLIES,
    **archiving.APPLIES,
    ev.TriageEnded: ended,
    ev.TriageOpened: opened,
    ev.TriageRenewed: renewed,
}
