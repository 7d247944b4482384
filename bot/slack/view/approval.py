"""The message that asks for a yes: whom, to what, until when, and what happens if nobody says anything."""

from __future__ import annotations

from slack_sdk.models.blocks import InteractiveElement

from bot.incidents.acting import ActionState
from bot.incidents.incident import Incident
from bot.runbooks.schema import Step
from bot.slack.view import clock, preparing
from bot.slack.view.blocks import actions, button, message, section, sure, value
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, said, version
from bot.slack.view.wording import act_name

_MARKS = {"refused": ":no_entry:", "unknown": ":question:"}
_UNDER_WAY = {"refused": "it was not carried out", "unknown": "nobody can tell whether it was carried out"}


def approvals(incident: Incident) -> list[Surface]:
    """One message for each action that was asked for; redrawn when it is decided."""
    asked = [(step, incident.state(step.id).action) for step in incident.walk()]
    return [_approval(incident, step, action) for step, action in asked if action is not None and action.requested_by]


def _approval(incident: Incident, step: Step, action: ActionState) -> Surface:
    what = said(act_name(step, action), 120)
    if action.phase == "requested":
        service = said(incident.service, 80)
        whose = f" of {service}" if action.version else f" ({service})"
        lines = [
            f":raised_hand: *{what}*{whose}: {clock.asked(action)}.",
            f"Needs {clock.awaited(action)}.",
            clock.otherwise(action),
        ]
        text = f"{what}: needs {clock.awaited(action)}"
    else:
        lines = _decided(incident, step, action)
        text = lines[0].replace("*", "")
    blocks = [section([*lines, *_from_to(incident, action), *preparing.lines(incident, step, action)])]
    if incident.status == "open":
        ref = value(incident, step.id, action.attempt)
        row = [*_decides(action, ref), *preparing.buttons(incident, step, action, ref)]
        blocks += [actions(row)] if row else []
    key = f"approval:{step.id}:{action.attempt}"
    return Surface(key=key, kind="message", content=message(text, blocks), needs=where(incident))


def _decides(action: ActionState, ref: str) -> list[InteractiveElement]:
    """Yes and no; where something is not known about the target, the yes asks once more and says what."""
    if action.phase != "requested":
        return []
    yes = button("Approve", "step.approve", ref, style="primary")
    if action.unsure:
        question = sure("Approve all the same?", f"{'; '.join(action.unsure)}.", yes="Approve")
        yes = button("Approve", "step.approve:unsure", ref, style="primary", confirm=question)
    return [yes, button("Decline", "step.decline", ref, style="danger")]


def _decided(incident: Incident, step: Step, action: ActionState) -> list[str]:
    """What came of the request, without the figures that the card keeps current."""
    if action.approved_at is None or action.phase in ("lapsed", "outside"):
        return clock.lines(incident, step)
    done = f"done {at(action.confirmed_at)}" if action.confirmed_at else _UNDER_WAY.get(action.phase, "on its way")
    see = "" if action.confirmed_at else ", see the card on top"
    what = said(act_name(step, action), 120)
    mark = _MARKS.get(action.phase, ":white_check_mark:")
    return [f"{mark} *{what}*: {clock.asked(action)}, {clock.approved(action)}; {done}{see}."]


def _from_to(incident: Incident, action: ActionState) -> list[str]:
    if not action.version or not action.running or not action.target or action.phase != "requested":
        return []
    now, then = version(said(action.running, 60)), version(said(action.target, 60))
    versions = incident.versions
    passed_over = versions.passed_over if versions and versions.target == action.target and not action.undo else ""
    lines = [f"{now} serves now; with a yes, {then} serves instead."]
    return [*lines, said(f"{passed_over}.", 200)] if passed_over else lines
