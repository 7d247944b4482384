"""What an action asks for between its request and its end: timers, the call, and looks at what became of it."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.agenda.work import Found, Work
from bot.incidents.deciding.actions import rehearsed
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, DoneWhen, Step

#: Between two looks at what a call did, however long that takes.
LONGEST_PAUSE = timedelta(minutes=5)
#: Between two looks at an action in doubt, and for how long after its budget they are made.
DOUBT_PAUSE, DOUBT_LASTS = timedelta(minutes=1), timedelta(hours=1)


def acting(incident: Incident, step: Step, found: Found, lease_no: int) -> None:
    action = incident.state(step.id).action
    if action is None or not isinstance(step.spec, Action):
        return
    done_when = step.spec.done_when
    if action.phase == "requested" and action.expires_at and found.reached(action.expires_at):
        found.due.append(ev.ApprovalLapsed(step=step.id, attempt=action.attempt))
    elif action.phase == "approved":
        _approved(step, step.spec, action, found)
    elif action.phase == "started" and action.lease_no != lease_no:
        if _look_is_due(action, done_when, found):
            found.work.append(Work(kind="settle", step=step.id, attempt=action.attempt))
    elif action.phase == "written" and _look_is_due(action, done_when, found):
        found.work.append(Work(kind="confirm", step=step.id, attempt=action.attempt))
    elif action.phase == "unknown":
        _doubt(step, action, step.spec, found)
    _budget(step, action, found)


def _approved(step: Step, spec: Action, action: ActionState, found: Found) -> None:
    """An approval lapses unless the action starts within its expiry; it starts once its rehearsal has passed."""
    if action.good_until is not None and found.reached(action.good_until):
        found.due.append(ev.ApprovalLapsed(step=step.id, attempt=action.attempt))
    elif rehearsed(spec, action, found.now):
        found.work.append(Work(kind="act", step=step.id, attempt=action.attempt))


def _look_is_due(action: ActionState, done_when: DoneWhen, found: Found) -> bool:
    """The first look is made at once, the others every ``done_when.every`` seconds, and rarer as time goes by."""
    return action.looked_at is None or found.reached(action.looked_at + _pause(action, done_when))


def _pause(action: ActionState, done_when: DoneWhen) -> timedelta:
    """Every look is an entry: what takes long is not looked at for ever as often as in its first minute."""
    usual = timedelta(seconds=done_when.every)
    since = max((at for at in (action.started_at, action.written_at) if at is not None), default=None)
    if action.holds or since is None or action.looked_at is None:
        return usual
    return max(usual, min((action.looked_at - since) / 12, LONGEST_PAUSE))


def _doubt(step: Step, action: ActionState, spec: Action, found: Found) -> None:
    """Traffic may still tell what became of it, for a while; a person may say so at any time.

    Of what is half done traffic tells the one half only.
    """
    accepted = bool(action.written_at and action.started_at and action.written_at >= action.started_at)
    if action.approved_at is None or action.half or (action.was_done and not accepted):
        return
    over = found.now >= action.approved_at + timedelta(seconds=spec.budget) + DOUBT_LASTS
    pause = timedelta(seconds=spec.done_when.every) if action.holds else DOUBT_PAUSE
    if not over and (action.looked_at is None or found.reached(action.looked_at + pause)):
        found.work.append(Work(kind="confirm" if accepted else "settle", step=step.id, attempt=action.attempt))


def _budget(step: Step, action: ActionState, found: Found) -> None:
    """The clock runs from the approval until the world has changed; it warns, it never aborts."""
    running = action.phase in ("approved", "started", "written", "unknown")
    if not running or action.approved_at is None or not isinstance(step.spec, Action):
        return
    budget = timedelta(seconds=step.spec.budget)
    if not action.breached and found.reached(action.approved_at + budget):
        found.due.append(ev.BudgetSpent(step=step.id, attempt=action.attempt, breached=True))
    elif not action.warned and found.reached(action.approved_at + 0.8 * budget):
        found.due.append(ev.BudgetSpent(step=step.id, attempt=action.attempt, breached=False))
