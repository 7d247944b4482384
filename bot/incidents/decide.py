"""``decide``: a command becomes events, or is refused with a sentence. Pure, and under a millisecond.

A refusal says who did what and when, so that the person who clicked knows more than before; it changes nothing.
The rules about the incident itself stand here, the others in ``deciding``, a file for each thing they are about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.acting import IN_FLIGHT
from bot.incidents.commands import safeguards as guard
from bot.incidents.commands import walking
from bot.incidents.commands.guests import AttachToChannel, HearTool
from bot.incidents.commands.together import KeepOpen
from bot.incidents.commands.triage import DismissTriage, OpenTriage, RenewTriage
from bot.incidents.deciding import archiving, guests, privacy, quiet, reports, silences, triage, walk
from bot.incidents.deciding import safeguards as safe
from bot.incidents.deciding.actions import approve, ask_to_undo, decline, report_outside, settle
from bot.incidents.deciding.over import over
from bot.incidents.deciding.steps import assign, choose, finish, run, skip
from bot.incidents.incident import Incident
from bot.incidents.walk import open_steps
from bot.runbooks.schema import SEVERITIES, Update

Events = tuple[ev.AnyEvent, ...]


def decide(incident: Incident, command: cmd.AnyCommand, *, by: str, now: datetime) -> Events:
    """What happens because ``by`` asks for ``command`` at ``now``. Raises ``Refused``; decides on nothing else."""
    if incident.status == "triage" and type(command) not in _BEFORE:
        if not isinstance(command, AttachToChannel):
            raise Refused("not_opened", triage.waits_for_somebody(incident))
        return (ev.TriageOpened(), *_RULES[type(command)](incident, command, by, now))
    if incident.status not in ("open", "triage") and type(command) not in _AFTERWARDS:
        raise Refused("incident_over", over(incident))
    return privacy.with_privacy(incident, _RULES[type(command)](incident, command, by, now))


def _acknowledge(incident: Incident, _: cmd.Acknowledge, by: str, __: datetime) -> Events:
    if incident.acknowledged_by and incident.lead:
        if by == incident.lead:
            raise Refused("already", "You lead already.")
        raise Refused("already", f"<@{incident.lead}> leads. Take over with the lead command if you should.")
    acknowledged: Events = () if incident.acknowledged_by else (ev.Acknowledged(),)
    return (*acknowledged, ev.LeadChanged(lead=by)) if not incident.lead else acknowledged


def _take_lead(incident: Incident, command: cmd.TakeLead, _: str, __: datetime) -> Events:
    if incident.lead == command.lead:
        raise Refused("already", f"<@{command.lead}> leads already.")
    acknowledged: Events = () if incident.acknowledged_by else (ev.Acknowledged(),)
    return (*acknowledged, ev.LeadChanged(lead=command.lead))


def _severity(incident: Incident, command: cmd.SetSeverity, _: str, __: datetime) -> Events:
    severity = command.severity.upper()
    if severity not in SEVERITIES:
        said = command.severity[:20]
        raise Refused("no_such_severity", f"“{said}” is not a severity: say sev1, sev2, sev3 or sev4.")
    if severity == incident.severity:
        raise Refused("already", f"It is {severity} already.")
    return (ev.SeverityChanged(severity=severity, reason=command.reason),)


def _note(_: Incident, command: cmd.AddNote, __: str, ___: datetime) -> Events:
    text = command.text.strip()
    if not text:
        raise Refused("empty", "A note needs a text.", field="text")
    note = ev.NoteAdded(
        text=text[:3000], author=command.author, written_at=command.written_at, message=command.message
    )
    return (note,)


def _publish(incident: Incident, command: cmd.PublishUpdate, _: str, __: datetime) -> Events:
    text = command.text.strip()
    if not text:
        raise Refused("empty", "An update needs a text.", field="text")
    if command.step and incident.state(command.step).phase == "done":
        raise Refused("already", f"<@{incident.state(command.step).by}> told them already.")
    step = command.step or _waiting_to_be_told(incident, command.audience)
    return (ev.UpdatePublished(audience=command.audience, text=text[:3000], step=step),)


def _waiting_to_be_told(incident: Incident, audience: str) -> str | None:
    """The open step that asks for just this: who tells stakeholders by another button has done it."""
    for step in open_steps(incident):
        if isinstance(step.spec, Update) and audience in (*step.spec.audience, *incident.audiences):
            return step.id
    return None


def _nothing_on_its_way(incident: Incident) -> None:
    for step in incident.walk():
        action = incident.state(step.id).action
        if action is not None and action.phase in IN_FLIGHT and action.phase != "requested":
            raise Refused("action_in_flight", f"The action “{step.id}” is still on its way; wait for its outcome.")


def _resolve(incident: Incident, command: cmd.Resolve, _: str, __: datetime) -> Events:
    _nothing_on_its_way(incident)
    return (ev.Resolved(summary=command.summary.strip()[:3000]),)


def _reopen(incident: Incident, command: cmd.Reopen, _: str, __: datetime) -> Events:
    if incident.status == "open":
        raise Refused("already", f"{incident.key} is open.")
    if incident.status == "merged":
        raise Refused("merged", f"{over(incident)} Split its alerts off there if they are another matter.")
    if incident.status == "triage":
        return (ev.TriageOpened(because=command.reason.strip()[:1000]),)
    return (ev.Reopened(reason=command.reason.strip()[:1000] or "reopened"),)


def _cancel(incident: Incident, command: cmd.Cancel, _: str, __: datetime) -> Events:
    reason = command.reason.strip()[:1000]
    if not reason:
        raise Refused("needs_reason", "Say why it was a false alarm: so the alert gets better.", field="reason")
    _nothing_on_its_way(incident)
    return (ev.Cancelled(reason=reason),)


def _why(incident: Incident, command: cmd.AddWhy, _: str, __: datetime) -> Events:
    if not command.text.strip():
        raise Refused("empty", "Write how it was possible.", field="text")
    if command.parent is not None and command.parent not in {why.why for why in incident.whys}:
        raise Refused("no_such_why", "The answer that this one explains is not there.", field="parent")
    why = f"w{len(incident.whys) + 1}"
    return (ev.WhyAdded(why=why, text=command.text.strip()[:2000], parent=command.parent, role=command.role),)


def _item(incident: Incident, command: cmd.AddActionItem, _: str, now: datetime) -> Events:
    if not command.text.strip():
        raise Refused("empty", "Write what will be done, beginning with a verb.", field="text")
    if not command.owner:
        raise Refused("needs_owner", "Somebody has to own it.", field="owner")
    try:
        due = date.fromisoformat(command.due)
    except ValueError:
        raise Refused("no_such_date", "Choose the day until which it is done.", field="due") from None
    if due < now.date():
        raise Refused("too_late", "The day is past; choose a later one.", field="due")
    item = f"a{len(incident.items) + 1}"
    text = command.text.strip()[:1000]
    return (ev.ActionItemAdded(item=item, text=text, owner=command.owner, due=command.due, role=command.role),)


def _item_done(incident: Incident, command: cmd.FinishActionItem, _: str, __: datetime) -> Events:
    item = next((item for item in incident.items if item.item == command.item), None)
    if item is None or item.done:
        raise Refused("already", "That action item is done already." if item else "There is no such action item.")
    return (ev.ActionItemDone(item=command.item),)


def _section(_: Incident, command: cmd.WriteSection, __: str, ___: datetime) -> Events:
    return (ev.SectionWritten(section=command.section, text=command.text[:10000]),)


#: what may be asked of an incident that nobody has opened yet
_BEFORE = frozenset({
    cmd.AddNote, cmd.Cancel, cmd.Reopen, cmd.SetSeverity, cmd.Report, OpenTriage, DismissTriage,
    RenewTriage, privacy.MakePrivate, privacy.SetHold,
})  # fmt: skip

#: what may be asked of an incident that is over
_AFTERWARDS = frozenset({
    cmd.AddNote, OpenTriage, DismissTriage, cmd.Reopen, cmd.AddWhy, cmd.AddActionItem, cmd.FinishActionItem,
    cmd.WriteSection,
    cmd.PublishUpdate, cmd.TakeLead, cmd.SetSeverity, cmd.Report, walking.AddHypothesis,
    walking.JudgeHypothesis, AttachToChannel, HearTool, privacy.MakePrivate, privacy.SetHold,
    archiving.LoseChannel,
})  # fmt: skip

_RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {
    **walk.RULES,
    KeepOpen: quiet.keep_open,
    **triage.RULES,
    **guests.RULES,
    **silences.RULES,
    **privacy.RULES,
    **archiving.RULES,
    cmd.Acknowledge: _acknowledge,
    cmd.TakeLead: _take_lead,
    cmd.SetSeverity: _severity,
    cmd.AddNote: _note,
    cmd.FinishStep: finish,
    cmd.SkipStep: skip,
    cmd.AssignStep: assign,
    cmd.RunStep: run,
    cmd.Choose: choose,
    cmd.Approve: approve,
    cmd.Decline: decline,
    cmd.Undo: ask_to_undo,
    cmd.Settle: settle,
    cmd.ReportOutside: report_outside,
    cmd.PublishUpdate: _publish,
    cmd.Resolve: _resolve,
    cmd.Reopen: _reopen,
    cmd.Cancel: _cancel,
    cmd.AddWhy: _why,
    cmd.AddActionItem: _item,
    cmd.FinishActionItem: _item_done,
    cmd.WriteSection: _section,
    guard.Rehearse: safe.rehearse,
    guard.SkipRehearsal: safe.skip_rehearsal,
    guard.BreakGlass: safe.break_glass,
    guard.WidenScope: safe.widen,
    guard.StopAuto: safe.stop_auto,
    guard.DryRun: safe.dry_run,
    cmd.Report: reports.accept,
}
