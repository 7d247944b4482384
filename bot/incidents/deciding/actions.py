"""Approvals and actions: who may ask, who may say yes, what a person does when nobody knows what happened.

Nothing that changes the world happens without ``Approved(enough=True)`` in the log, unless the step says
``approval: none``. Whoever asked does not approve, an approval has an end, and old buttons are dead.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.acting import IN_FLIGHT, ActionState
from bot.incidents.incident import Incident
from bot.incidents.oncall import all_resolved, to_ask, unknown
from bot.incidents.rehearsals import may_begin, rehearsal_standing
from bot.incidents.stamps import stamp
from bot.incidents.targets import Target, target_of, target_of_undo
from bot.incidents.walk import acts, the_action
from bot.runbooks.schema import Action, Approval, Step, Task, Unconfigured

Events = tuple[ev.AnyEvent, ...]


def request(incident: Incident, step: Step, *, by: str, now: datetime, undo: bool = False) -> Events:
    """Somebody asks for the action; without ``approval`` in the runbook it is approved by the runbook itself."""
    if isinstance(step.spec, Unconfigured):
        raise Refused("not_configured", f"{step.spec.missing} Until then: do it outside and say so here.")
    if not isinstance(step.spec, Action):
        raise Refused("not_an_action", f"“{step.id}” changes nothing outside.")
    state = incident.state(step.id)
    before = state.action
    if before is not None and before.phase in IN_FLIGHT and not (undo and before.phase == "unknown"):
        raise Refused("already_requested", _already(step, before))
    if before is not None and before.safe and not undo:
        raise Refused("already_done", f"“{step.id}” is done; it can be undone.")
    back = undo and before is not None
    target = target_of_undo(before.effective, step.spec) if back and before else target_of(incident, step.spec)
    attempt = state.attempt + 1 if before is not None else state.attempt
    asked = _request(step.spec, incident, step.id, attempt, target, now, undo)
    if step.spec.approval is None:
        return (asked, ev.Approved(step=step.id, attempt=attempt))
    _somebody_can_approve(incident, step.spec.approval, asked.approvers, by=by)
    return (asked,)


def _somebody_can_approve(incident: Incident, approval: Approval, approvers: tuple[str, ...], *, by: str) -> None:
    """A request that nobody can decide is refused at once, not after a quarter of an hour of waiting."""
    if "anyone" in approval.approvers:
        return
    named = ", ".join(approval.approvers)
    if not approvers:
        cure = f"{_how_to_know_them(incident, approval)}. Until then: do it outside and say so here."
        raise Refused("no_approver", f"Nobody is known who may approve this ({named}): {cure}")
    others = [who for who in approvers if who != by or not approval.not_requester]
    if len(others) < approval.count:
        raise Refused(
            "too_few_approvers",
            f"With you asking, too few are left who may approve ({named}): let somebody else ask.",
        )


def _how_to_know_them(incident: Incident, approval: Approval) -> str:
    if lacking := unknown(incident, approval.approvers):
        return "; ".join(lacking.values())
    if set(approval.approvers) & set(to_ask(incident)):
        return "it is being asked who that is, so try again in a moment"
    return "name them under oncall in evenkeel.yaml"


def _request(
    spec: Action,
    incident: Incident,
    step: str,
    attempt: int,
    target: Target,
    now: datetime,
    undo: bool,
) -> ev.ApprovalRequested:
    approval = spec.approval or Approval()
    return ev.ApprovalRequested(
        step=step,
        attempt=attempt,
        target=target.name,
        running=target.running,
        version=target.version,
        unsure=target.unsure,
        undo=undo,
        approvers=approvers_of(incident, approval),
        count=approval.count,
        not_requester=approval.not_requester,
        expires_at=now + timedelta(seconds=approval.expires),
    )


def approvers_of(incident: Incident, approval: Approval) -> tuple[str, ...]:
    """Whose yes counts, as Slack user ids; none when anyone may approve."""
    return () if "anyone" in approval.approvers else all_resolved(incident, approval.approvers)


def _already(step: Step, action: ActionState) -> str:
    at = f" at {stamp(action.requested_at)}" if action.requested_at else ""
    return f"{_who(action.requested_by)} asked for “{step.id}”{at}; it is {action.phase}."


def standing_action(incident: Incident, step_id: str, attempt: int) -> ActionState:
    """The action that the button was drawn for. Raises ``Refused`` for an earlier one's."""
    state = incident.state(step_id)
    if state.action is None:
        raise Refused("not_requested", f"Nobody has asked for “{step_id[:60]}”.")
    if attempt not in (state.action.attempt, state.action.effective.attempt):
        raise Refused("old_button", f"That button is of an earlier request for “{step_id}”; use the newest message.")
    return state.action


def newest_action(incident: Incident, step_id: str, attempt: int) -> ActionState:
    """The same, of what was asked for last: a late yes to an action is no yes to the undo asked for since."""
    action = standing_action(incident, step_id, attempt)
    if attempt != action.attempt:
        raise Refused("old_button", f"That button is of an earlier request for “{step_id}”; use the newest message.")
    return action


def rehearsed(spec: Action, action: ActionState, now: datetime) -> bool:
    """Whether the action may begin as far as its rehearsal is concerned; taking back needs none."""
    return action.undo or may_begin(rehearsal_standing(spec.rehearse, action.rehearsal, now))


def unwidened(action: ActionState) -> tuple[str, ...]:
    """The other services that the action's arguments name and nobody agreed to yet."""
    return tuple(service for service in action.foreign if service not in action.widened)


def approve(incident: Incident, command: cmd.Approve, by: str, now: datetime) -> Events:
    """One approver says yes."""
    action = undecided(incident, command.step, command.attempt, now)
    if action.not_requester and by == action.requested_by:
        raise Refused("own_request", "You asked for it, so somebody else has to approve it.")
    if action.approvers and by not in action.approvers:
        who = ", ".join(f"<@{user}>" for user in action.approvers)
        raise Refused("not_an_approver", f"This needs a yes from {who}.")
    if by in action.approved_by:
        raise Refused("already", "You have said yes already.")
    _nothing_stands_against(incident, command, action, now)
    enough = len(action.approved_by) + 1 >= action.count
    confirmed = action.unsure if command.confirmed else ()
    return (ev.Approved(step=command.step, attempt=command.attempt, enough=enough, confirmed=confirmed),)


def _nothing_stands_against(incident: Incident, command: cmd.Approve, action: ActionState, now: datetime) -> None:
    """What nobody may say yes to yet: another service, a rehearsal that failed, a target of which too little is
    known. While a rehearsal runs a yes counts, and the action waits for it."""
    if others := unwidened(action):
        raise Refused(
            "scope",
            f"Its arguments name {' and '.join(others)}. Somebody other than {_who(action.requested_by)} has to "
            "widen the scope first.",
        )
    step = incident.runbook.step(command.step) if incident.runbook else None
    spec = step.spec if step is not None and isinstance(step.spec, Action) else None
    failed = spec is not None and rehearsal_standing(spec.rehearse, action.rehearsal, now) == "failed"
    if failed and not action.undo and action.rehearsal is not None:
        raise Refused(
            "rehearsal_failed",
            f"The rehearsal in staging failed: {action.rehearsal.because}. Rehearse it again; only at SEV1 can it be "
            "skipped, with a reason.",
        )
    if action.unsure and not command.confirmed:
        raise Refused("needs_confirmation", f"Confirm it: {'; '.join(action.unsure)}.")


def _who(user: str) -> str:
    return f"<@{user}>" if user.startswith(("U", "W")) else user


def decline(incident: Incident, command: cmd.Decline, by: str, now: datetime) -> Events:
    """An approver, or whoever asked, says no."""
    action = undecided(incident, command.step, command.attempt, now)
    if action.approvers and by not in (*action.approvers, action.requested_by, incident.lead):
        raise Refused("not_an_approver", "Only an approver, the lead, or who asked can decline it.")
    if not command.reason.strip():
        raise Refused("needs_reason", "Say why: a refusal needs a reason.", field="reason")
    return (ev.Declined(step=command.step, attempt=command.attempt, reason=command.reason.strip()[:1000]),)


def undecided(incident: Incident, step_id: str, attempt: int, now: datetime) -> ActionState:
    """The action that waits for a yes. Raises ``Refused`` with what became of it."""
    action = newest_action(incident, step_id, attempt)
    if action.phase == "requested":
        if action.expires_at is not None and now >= action.expires_at:
            ended = stamp(action.expires_at)
            raise Refused("expired", f"The request ended at {ended}. Ask again if it is still wanted.")
        return action
    if action.phase == "declined":
        raise Refused("declined", f"{_who(incident.state(step_id).by)} declined it. Ask again if it is still wanted.")
    if action.phase == "lapsed":
        raise Refused("expired", "The request has lapsed. Ask again if it is still wanted.")
    who = ", ".join(f"<@{user}>" for user in action.approved_by) or "The runbook"
    at = f" at {stamp(action.approved_at)}" if action.approved_at else ""
    raise Refused("already_approved", f"{who} approved it{at}; it is {action.phase}.")


def ask_to_undo(incident: Incident, command: cmd.Undo, by: str, now: datetime) -> Events:
    """Taking an action back is itself an action, with its own approval."""
    action = standing_action(incident, command.step, command.attempt)
    step = incident.runbook.step(command.step) if incident.runbook else None
    if step is None or not isinstance(step.spec, Action):
        raise Refused("unknown_step", f"There is no action “{command.step[:60]}”.")
    if step.spec.undo.how == "none":
        raise Refused("no_undo", f"“{step.id}” cannot be undone: {step.spec.undo.reason}")
    if action.effective.undo or action.effective.phase not in ("confirmed", "unknown"):
        raise Refused("nothing_to_undo", f"“{step.id}” is {action.phase}; there is nothing to undo.")
    return request(incident, step, by=by, now=now, undo=True)


def settle(incident: Incident, command: cmd.Settle, _: str, __: datetime) -> Events:
    """A person says what an unknown outcome means. Nothing that changes the world is repeated by itself."""
    action = standing_action(incident, command.step, command.attempt)
    if action.effective.phase != "unknown" or action.phase in ("requested", "approved"):
        raise Refused("not_unknown", f"“{command.step}” is {action.phase}; there is nothing to settle.")
    settled = ev.ActionSettled(step=command.step, attempt=command.attempt, how=command.how)
    return (settled,)


def report_outside(incident: Incident, command: cmd.ReportOutside, _: str, __: datetime) -> Events:
    """I did it outside: always possible, unless the bot is in the middle of doing it."""
    step = incident.runbook.step(command.step) if incident.runbook and command.step else the_action(incident)
    if step is None:
        raise Refused("no_action", "The runbook has no action to report; put it into the timeline as a note.")
    if not acts(step) and not isinstance(step.spec, Task):  # a rollback by hand is a task
        raise Refused("not_an_action", f"“{step.id}” changes nothing outside; finish it, or skip it with a reason.")
    action = incident.state(step.id).action
    if action is not None and action.phase in ("started", "written"):
        raise Refused("action_in_flight", f"The bot is carrying out “{step.id}” now; wait for its outcome.")
    if action is not None and action.safe:
        raise Refused("already_done", f"“{step.id}” is done already.")
    running = incident.versions.running if incident.versions else None
    return (ev.DoneOutside(step=step.id, note=command.note.strip()[:1000], running=running),)
