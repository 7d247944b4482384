"""The ways around the usual rules of an action, each with a condition of its own, a reason, and a line in the log."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.agenda.preparing import GLASS_AFTER
from bot.incidents.commands import safeguards as guard
from bot.incidents.deciding.actions import newest_action, rehearsed, undecided, unwidened
from bot.incidents.incident import Incident
from bot.incidents.stamps import stamp
from bot.runbooks.schema import Action, Step

Events = tuple[ev.AnyEvent, ...]


def _acting(incident: Incident, step_id: str) -> tuple[Step, Action]:
    step = incident.runbook.step(step_id) if incident.runbook else None
    if step is None or not isinstance(step.spec, Action):
        raise Refused("unknown_step", f"There is no action “{step_id[:60]}” that could be carried out.")
    return step, step.spec


def _not_begun(incident: Incident, step_id: str, attempt: int) -> ActionState:
    action = newest_action(incident, step_id, attempt)
    if action.phase not in ("requested", "approved"):
        raise Refused("too_late", f"“{step_id}” is {action.phase}.")
    return action


def _reason(text: str) -> str:
    reason = text.strip()[:1000]
    if not reason:
        raise Refused("needs_reason", "Say why: the reason goes into the timeline.", field="reason")
    return reason


def _one_who_decides(incident: Incident, action: ActionState, by: str) -> None:
    if action.approvers and by not in (*action.approvers, incident.lead):
        raise Refused("not_an_approver", "Only an approver or the lead can do that.")


def rehearse(incident: Incident, command: guard.Rehearse, _: str, __: datetime) -> Events:
    """Once more in staging, after it failed."""
    _step, spec = _acting(incident, command.step)
    action = _not_begun(incident, command.step, command.attempt)
    if spec.rehearse is None or action.undo:
        raise Refused("no_rehearsal", f"“{command.step}” has no rehearsal: add staging to it in evenkeel.yaml.")
    if action.rehearsal is None or action.rehearsal.phase == "started":
        raise Refused("already", "It is being rehearsed now.")
    return (ev.RehearsalStarted(step=command.step, attempt=action.attempt),)


def skip_rehearsal(incident: Incident, command: guard.SkipRehearsal, by: str, now: datetime) -> Events:
    """At SEV1 only: what burns so does not wait for staging."""
    _, spec = _acting(incident, command.step)
    action = _not_begun(incident, command.step, command.attempt)
    _one_who_decides(incident, action, by)
    if rehearsed(spec, action, now):
        raise Refused("already", "Its rehearsal does not stand in the way.")
    if incident.severity != "SEV1":
        now_is = incident.severity or "without a severity"
        raise Refused("not_sev1", f"A rehearsal is skipped at SEV1 only; this incident is {now_is}.")
    return (ev.RehearsalSkipped(step=command.step, attempt=action.attempt, reason=_reason(command.reason)),)


def break_glass(incident: Incident, command: guard.BreakGlass, by: str, now: datetime) -> Events:
    """The lead alone, after ten minutes without a decision, to the compatible last good version of this service.

    It is reviewed the next day: that is an action item.
    """
    _, spec = _acting(incident, command.step)
    action = undecided(incident, command.step, command.attempt, now)
    _glass_may_break(incident, spec, action, by, now)
    reason = _reason(command.reason)
    events: list[ev.AnyEvent] = [ev.GlassBroken(step=command.step, attempt=action.attempt, reason=reason)]
    if not rehearsed(spec, action, now):
        events.append(ev.RehearsalSkipped(step=command.step, attempt=action.attempt, reason=reason))
    item = ev.ActionItemAdded(
        item=f"a{len(incident.items) + 1}",
        text=f"Review why {command.step} of {incident.key} had to be carried out without an approver",
        owner=next(iter(action.approvers), by), due=(now + timedelta(days=1)).date().isoformat(), role="process",
    )  # fmt: skip
    return (*events, item)


def _glass_may_break(incident: Incident, spec: Action, action: ActionState, by: str, now: datetime) -> None:
    if not spec.break_glass:
        raise Refused("no_break_glass", f"{incident.service} does not allow it: an approver has to say yes.")
    if by != incident.lead:
        who = f"<@{incident.lead}> leads" if incident.lead else "nobody leads yet; take the lead first"
        raise Refused("not_the_lead", f"Only the lead can do that; {who}.")
    since = action.requested_at or now
    if now < since + GLASS_AFTER:
        raise Refused("too_early", f"The approvers have until {stamp(since + GLASS_AFTER)} to decide.")
    if action.undo or not spec.of_version:
        raise Refused("not_a_rollback", "Only a rollback to the last good version goes without an approver.")
    if action.foreign:
        raise Refused("scope", f"Its arguments name {' and '.join(action.foreign)}: an approver has to say yes.")
    versions = incident.versions
    if action.unsure or versions is None or versions.target != action.target:
        why = "; ".join(action.unsure) or "it is not the version that one goes back to any more"
        raise Refused("not_last_good", f"Only the compatible last good version goes without an approver: {why}.")


def widen(incident: Incident, command: guard.WidenScope, by: str, _: datetime) -> Events:
    """A second person agrees that other services are reached."""
    action = _not_begun(incident, command.step, command.attempt)
    others = unwidened(action)
    if not others:
        raise Refused("already", "Its arguments name no other service.")
    if by == action.requested_by:
        raise Refused("own_request", "You asked for it, so somebody else has to widen its scope.")
    _one_who_decides(incident, action, by)
    return (ev.ScopeWidened(step=command.step, attempt=action.attempt, services=action.foreign),)


def stop_auto(incident: Incident, command: guard.StopAuto, _: str, __: datetime) -> Events:
    """Anybody stops what would begin by itself: by policy, or after a yes as soon as its rehearsal has passed."""
    action = _not_begun(incident, command.step, command.attempt)
    if action.auto_at is None and action.phase != "approved":
        raise Refused("not_auto", "It does not begin by itself; an approver can decline it.")
    return (ev.Declined(step=command.step, attempt=action.attempt, reason="stopped before it began"),)


def dry_run(incident: Incident, command: guard.DryRun, _: str, __: datetime) -> Events:
    """What would it do?"""
    step, _spec = _acting(incident, command.step)
    return (ev.DryRunAsked(step=step.id, number=incident.state(step.id).dry_run + 1),)
