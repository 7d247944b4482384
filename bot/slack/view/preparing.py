"""What stands around a request before the action begins: what would change, its rehearsal, and the ways past them."""

from __future__ import annotations

from slack_sdk.models.blocks import InteractiveElement

from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.incidents.deciding.actions import unwidened
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, Step
from bot.slack.view.blocks import button
from bot.slack.view.text import at, joined, person, said

#: More differences than these are counted.
MOST_CHANGES = 6


def lines(incident: Incident, step: Step, action: ActionState) -> list[str]:
    """What approvers have to know, as long as the action has not begun."""
    if action.phase not in ("requested", "approved") or not isinstance(step.spec, Action):
        return []
    told = [*_changes(action), *_scope(action), *(f":warning: {said(unsure, 300)}." for unsure in action.unsure)]
    told += _rehearsal(step.spec, action)
    if action.phase == "requested" and action.auto_at is not None:
        told.append(
            f":robot_face: It begins by itself {at(action.auto_at)}, by the runbook, unless somebody stops it."
        )
    if action.phase == "requested" and action.glass_offered:
        told.append(_glass(incident))
    return told


def _glass(incident: Incident) -> str:
    who = person(incident.lead) if incident.lead else "Whoever leads"
    return (
        f":rotating_light: Nobody has decided. {who} may break the glass now, with a reason; it is reviewed tomorrow."
    )


def _changes(action: ActionState) -> list[str]:
    """``flags.set: value 42 → 41``, from what was read when it was asked for."""
    if action.unread:
        return [f":warning: What stands there now could not be read: {said(action.unread, 200)}."]
    return [line for call in action.seen if (line := _change(call))]


def _change(call: ev.Call) -> str:
    differ = [(key, call.captured[key], value) for key, value in call.arguments.items() if key in call.captured]
    differ = [(key, before, after) for key, before, after in differ if before != after]
    if not differ:
        return f"`{said(call.call, 80)}`: nothing would change." if call.captured else ""
    parts = [f"{said(key, 40)} {said(str(before), 60)} → {said(str(after), 60)}" for key, before, after in differ]
    more = f" and {len(parts) - MOST_CHANGES} more" if len(parts) > MOST_CHANGES else ""
    return f"`{said(call.call, 80)}`: {', '.join(parts[:MOST_CHANGES])}{more}; not written if that changed meanwhile."


def _scope(action: ActionState) -> list[str]:
    if action.foreign and not unwidened(action):
        return [f"{person(action.widened_by)} agreed that it reaches {said(joined(action.foreign), 200)} too."]
    others = joined(unwidened(action))
    return (
        [f":warning: Its arguments name {said(others, 200)}. A second person has to widen its scope."]
        if others
        else []
    )


def _rehearsal(spec: Action, action: ActionState) -> list[str]:
    """``Rehearsed in staging 03:06: v41 served there.``"""
    if spec.rehearse is None or action.undo:
        return []
    state = action.rehearsal
    if state is None or state.phase == "started":
        waits = " It begins once that has passed." if action.phase == "approved" else ""
        return [f"Rehearsing in staging …{waits}"]
    because = said(state.because, 300)
    if state.phase == "skipped":
        return [f":warning: Not rehearsed in staging: {person(state.by)} skipped that."]
    when = at(state.finished_at) if state.finished_at else ""
    if state.phase == "failed":
        return [f":no_entry: The rehearsal in staging failed {when}: {because}. Nobody can approve it like that."]
    return [f":white_check_mark: Rehearsed in staging {when}: {because}."]


def buttons(incident: Incident, step: Step, action: ActionState, ref: str) -> list[InteractiveElement]:
    """What can be pressed besides yes and no."""
    spec = step.spec
    if not isinstance(spec, Action) or action.phase not in ("requested", "approved"):
        return []
    row: list[InteractiveElement] = []
    passed = action.undo or spec.rehearse is None or _passed(action)
    if action.auto_at is not None or (action.phase == "approved" and not passed):
        row.append(button("Stop", "step.stop", ref, style="danger"))
    if unwidened(action):
        row.append(button("Widen its scope", "step.widen", ref))
    if spec.rehearse is not None and not action.undo:
        if action.rehearsal is not None and action.rehearsal.phase == "failed":
            row.append(button("Rehearse again", "step.rehearse", ref))
        if incident.severity == "SEV1" and not passed:
            row.append(button("Skip the rehearsal", "step.skip_rehearsal", ref))
    if action.glass_offered and action.phase == "requested":
        row.append(button("Break the glass", "step.break_glass", ref, style="danger"))
    return row


def _passed(action: ActionState) -> bool:
    return action.rehearsal is not None and action.rehearsal.phase in ("ok", "skipped")
