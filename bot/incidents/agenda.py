"""What an incident asks for at a moment: work to run, timers that are due, and when to look again.

Work is derived, not queued: nothing is lost when a process dies, because the next one asks again. Results and
timers are events; once they are in the log, the agenda no longer asks for them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.incidents import events as ev
from bot.incidents.again import knows_more
from bot.incidents.incident import ActionState, Incident, WatchState
from bot.incidents.walk import acts, measures, needs_versions, standing, starter, watches
from bot.runbooks.schema import Action, DoneWhen, Step, Unconfigured, Watch

#: Between two looks at what a call did, however long that takes.
LONGEST_PAUSE = timedelta(minutes=5)
#: Between two looks at an action in doubt, and for how long after its budget they are made.
DOUBT_PAUSE, DOUBT_LASTS = timedelta(minutes=1), timedelta(hours=1)

WorkKind = Literal["versions", "measure", "act", "confirm", "settle", "look"]


class Work(msgspec.Struct, frozen=True):
    """Something to run. The same work is never run twice at once: it is its own key."""

    kind: WorkKind
    step: str = ""
    attempt: int = 1


class Agenda(msgspec.Struct, frozen=True):
    """``work`` to run now, ``due`` events to append now, and the next moment at which either may change."""

    work: tuple[Work, ...] = ()
    due: tuple[ev.AnyEvent, ...] = ()
    wake_at: datetime | None = None


def agenda(incident: Incident, now: datetime, *, lease_no: int) -> Agenda:
    """What ``incident`` asks for at ``now`` of whoever holds it with ``lease_no``."""
    if incident.runbook is None or incident.status == "cancelled":
        return Agenda()
    found = _Found(now)
    if incident.status == "open":
        if incident.versions is None or _again(incident.versions.again_at, found):
            found.work.append(Work(kind="versions"))
        for step in incident.walk():
            if measures(step):
                _measure(incident, step, found)
            elif acts(step):
                _action(incident, step, found, lease_no)
    for step in incident.walk():  # a watch goes on after the incident is resolved
        if watches(step):
            _watch(incident, step, found)
    return Agenda(work=tuple(found.work), due=tuple(found.due), wake_at=min(found.later, default=None))


class _Found:
    """Collects what the steps ask for."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.work: list[Work] = []
        self.due: list[ev.AnyEvent] = []
        self.later: list[datetime] = []

    def reached(self, at: datetime) -> bool:
        """Whether ``at`` is past; if not, it is remembered as a moment to wake at."""
        if at <= self.now:
            return True
        self.later.append(at)
        return False


def _again(at: datetime | None, found: _Found) -> bool:
    return at is not None and found.reached(at)


def _measure(incident: Incident, step: Step, found: _Found) -> None:
    state = incident.state(step.id)
    work = Work(kind="measure", step=step.id, attempt=state.attempt)
    if state.phase == "skipped":
        return
    if knows_more(incident, state) or _again(state.again_at, found):
        found.work.append(work)
        return
    if state.verdict is not None or standing(incident, step) != "open":
        return
    if incident.versions is not None or not needs_versions(step):
        found.work.append(work)


def _action(incident: Incident, step: Step, found: _Found, lease_no: int) -> None:
    action = incident.state(step.id).action
    if action is None or not isinstance(step.spec, Action):
        return
    done_when = step.spec.done_when
    if action.phase == "requested" and action.expires_at and found.reached(action.expires_at):
        found.due.append(ev.ApprovalLapsed(step=step.id, attempt=action.attempt))
    elif action.phase == "approved":
        _approved(step, action, found)
    elif action.phase == "started" and action.lease_no != lease_no:
        if _look_is_due(action, done_when, found):
            found.work.append(Work(kind="settle", step=step.id, attempt=action.attempt))
    elif action.phase == "written" and _look_is_due(action, done_when, found):
        found.work.append(Work(kind="confirm", step=step.id, attempt=action.attempt))
    elif action.phase == "unknown":
        _doubt(step, action, step.spec, found)
    _budget(step, action, found)


def _approved(step: Step, action: ActionState, found: _Found) -> None:
    """An approval lapses unless the action starts within its expiry."""
    if action.good_until is not None and found.reached(action.good_until):
        found.due.append(ev.ApprovalLapsed(step=step.id, attempt=action.attempt))
    else:
        found.work.append(Work(kind="act", step=step.id, attempt=action.attempt))


def _look_is_due(action: ActionState, done_when: DoneWhen, found: _Found) -> bool:
    """The first look is made at once, the others every ``done_when.every`` seconds, and rarer as time goes by."""
    return action.looked_at is None or found.reached(action.looked_at + _pause(action, done_when))


def _pause(action: ActionState, done_when: DoneWhen) -> timedelta:
    """Every look is an entry: what takes long is not looked at for ever as often as in its first minute."""
    usual = timedelta(seconds=done_when.every)
    since = max((at for at in (action.started_at, action.written_at) if at is not None), default=None)
    if action.holds or since is None or action.looked_at is None:
        return usual
    return max(usual, min((action.looked_at - since) / 12, LONGEST_PAUSE))


def _doubt(step: Step, action: ActionState, spec: Action, found: _Found) -> None:
    """Traffic may still tell what became of it, for a while; a person may say so at any time."""
    accepted = bool(action.written_at and action.started_at and action.written_at >= action.started_at)
    if action.approved_at is None or (action.was_done and not accepted):
        return
    over = found.now >= action.approved_at + timedelta(seconds=spec.budget) + DOUBT_LASTS
    pause = timedelta(seconds=spec.done_when.every) if action.holds else DOUBT_PAUSE
    if not over and (action.looked_at is None or found.reached(action.looked_at + pause)):
        found.work.append(Work(kind="confirm" if accepted else "settle", step=step.id, attempt=action.attempt))


def _budget(step: Step, action: ActionState, found: _Found) -> None:
    """The clock runs from the approval until the world has changed; it warns, it never aborts."""
    running = action.phase in ("approved", "started", "written", "unknown")
    if not running or action.approved_at is None or not isinstance(step.spec, Action):
        return
    budget = timedelta(seconds=step.spec.budget)
    if not action.breached and found.reached(action.approved_at + budget):
        found.due.append(ev.BudgetSpent(step=step.id, attempt=action.attempt, breached=True))
    elif not action.warned and found.reached(action.approved_at + 0.8 * budget):
        found.due.append(ev.BudgetSpent(step=step.id, attempt=action.attempt, breached=False))


def _watch(incident: Incident, step: Step, found: _Found) -> None:
    state = incident.state(step.id)
    if state.watch is None:
        if incident.status == "open" and standing(incident, step) == "open":
            found.due.append(_start(step, state.attempt, found.now))
        return
    action = starter(incident, step)
    acted = incident.state(action.id).action if action is not None else None
    if state.watch.ended_at is not None:
        if incident.status == "open" and acted and acted.safe and _after(acted.effective, state.watch.ended_at):
            found.due.append(_start(step, state.attempt + 1, found.now))
        return
    if acted is not None and acted.effective.undo and acted.effective.phase == "confirmed":
        because = "what it watched was taken back"
        found.due.append(ev.WatchEnded(step=step.id, attempt=state.attempt, verdict="no_data", because=because))
    elif found.reached(state.watch.until):
        found.due.append(_end(step, state.attempt, state.watch))
    elif found.reached((state.watch.looked_at or state.watch.since) + timedelta(seconds=state.watch.every)):
        found.work.append(Work(kind="look", step=step.id, attempt=state.attempt))


def _after(action: ActionState, moment: datetime) -> bool:
    """Whether the action was confirmed since then: done again after it was taken back, it is watched again."""
    return action.confirmed_at is not None and action.confirmed_at > moment


def _start(step: Step, attempt: int, now: datetime) -> ev.WatchStarted:
    """A watch that is not configured runs too: it never looks, and its end a day later says what to add."""
    every, duration = (step.spec.every, step.spec.duration) if isinstance(step.spec, Watch) else (86400.0, 86400.0)
    return ev.WatchStarted(step=step.id, attempt=attempt, until=now + timedelta(seconds=duration), every=every)


def _end(step: Step, attempt: int, watch: WatchState) -> ev.WatchEnded:
    because = watch.because or (step.spec.missing if isinstance(step.spec, Unconfigured) else "nobody could look")
    return ev.WatchEnded(step=step.id, attempt=attempt, verdict=watch.verdict, because=because)
