"""What an action asks for before it begins: to be read, rehearsed, approved in time; and what was done outside."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.agenda.work import Found, Work
from bot.incidents.deciding.actions import request, unwidened
from bot.incidents.incident import Incident
from bot.incidents.rehearsals import rehearsal_standing
from bot.incidents.walk import names, standing, suggestion
from bot.runbooks.expressions import evaluate
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import Action, Auto, Choice, DoneWhen, Step

#: After so long without a decision the lead may break the glass, where the service allows it.
GLASS_AFTER = timedelta(minutes=10)
#: Before a state that could not be read for the approvers is read again.
READ_AGAIN = timedelta(minutes=1)


def preparing(incident: Incident, step: Step, found: Found) -> None:
    """Everything that is not the action itself."""
    state, spec = incident.state(step.id), step.spec
    if state.dry_run and not state.dry_lines:
        found.work.append(Work(kind="dry_run", step=step.id, attempt=state.dry_run))
    action = state.action
    if action is not None and action.phase == "outside":
        _outside(step, action, found)
    if not isinstance(spec, Action):
        return
    if action is None:
        _by_itself(incident, step, spec, found)
        return
    if action.phase not in ("requested", "approved"):
        return
    if not action.undo:
        _rehearsal(step, spec, action, found)
    if action.phase == "requested":
        _reading(step, action, found)
        _glass(step, spec, action, found)
        _auto(incident, step, spec, action, found)


def _reading(step: Step, action: ActionState, found: Found) -> None:
    """The approvers see what will change; what could not be read is read again."""
    again = bool(action.unread) and action.read_at is not None and found.reached(action.read_at + READ_AGAIN)
    if action.read_at is None or again:
        found.work.append(Work(kind="read", step=step.id, attempt=action.attempt))


def _rehearsal(step: Step, spec: Action, action: ActionState, found: Found) -> None:
    now = rehearsal_standing(spec.rehearse, action.rehearsal, found.now)
    if now == "wanted":
        found.due.append(ev.RehearsalStarted(step=step.id, attempt=action.attempt))
    elif now == "running" and spec.rehearse is not None and action.rehearsal is not None:
        looked_at = action.rehearsal.looked_at
        if looked_at is None or found.reached(looked_at + timedelta(seconds=spec.rehearse.every)):
            found.work.append(Work(kind="rehearse", step=step.id, attempt=action.attempt))


def _glass(step: Step, spec: Action, action: ActionState, found: Found) -> None:
    if not spec.break_glass or action.undo or action.glass_offered or action.requested_at is None:
        return
    if found.reached(action.requested_at + GLASS_AFTER):
        found.due.append(ev.GlassOffered(step=step.id, attempt=action.attempt))


def _by_itself(incident: Incident, step: Step, spec: Action, found: Found) -> None:
    """An action whose policy says so asks for itself, once; the announcement has a button that stops it."""
    auto = spec.approval.auto if spec.approval is not None else None
    if auto is None or not _its_turn(incident, step) or not _holds(incident, auto):
        return
    if spec.of_version and (incident.versions is None or incident.versions.unsure):
        return
    try:
        asked = request(incident, step, by=ev.EVENKEEL, now=found.now)
    except Refused:
        return
    begins = found.now + timedelta(seconds=auto.after)
    found.due += [_begins(event, begins) for event in asked if isinstance(event, ev.ApprovalRequested)]


def _begins(event: ev.ApprovalRequested, at: datetime) -> ev.ApprovalRequested:
    """The request does not end before the moment at which it approves itself."""
    return replace(event, auto_at=at, expires_at=max(event.expires_at, at + timedelta(minutes=1)))


def _its_turn(incident: Incident, step: Step) -> bool:
    """Whether nothing stands before it, or only a decision for which the evidence suggests it."""
    if standing(incident, step) == "open":
        return True
    suggested = suggestion(incident)
    asked = incident.runbook.step(suggested.step) if suggested is not None and incident.runbook else None
    if suggested is None or asked is None or not isinstance(asked.spec, Choice):
        return False
    return asked.spec.options[suggested.option].goto == step.id


def _holds(incident: Incident, auto: Auto) -> bool:
    try:
        return bool(evaluate(auto.when, names(incident)))
    except TemplateError:
        return False


def _auto(incident: Incident, step: Step, spec: Action, action: ActionState, found: Found) -> None:
    auto = spec.approval.auto if spec.approval is not None else None
    if auto is None or action.auto_at is None or not found.reached(action.auto_at):
        return
    because = ""
    if not _holds(incident, auto):
        because = "its condition holds no longer"
    elif rehearsal_standing(spec.rehearse, action.rehearsal, found.now) == "failed":
        because = "its rehearsal failed"
    elif unwidened(action):
        because = f"its arguments name {', '.join(unwidened(action))}"
    if because:
        found.due.append(ev.Declined(step=step.id, attempt=action.attempt, reason=because))
    else:
        found.due.append(ev.Approved(step=step.id, attempt=action.attempt))


def _outside(step: Step, action: ActionState, found: Found) -> None:
    """What a person says they did is held against traffic once, when traffic has had time to follow."""
    done_when = step.spec.done_when if isinstance(step.spec, Action) else DoneWhen()
    if not action.version or action.looked_at is not None or action.confirmed_at is None:
        return
    if found.reached(action.confirmed_at + timedelta(seconds=done_when.lag)):
        found.work.append(Work(kind="outside", step=step.id, attempt=action.attempt))
