"""Modals about one step: skip it, answer it, decline it, give a reason for a choice, say what was done outside."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import Block

from bot.incidents.incident import Incident
from bot.runbooks.fields import MOST_ANSWER, Field, fields_of
from bot.runbooks.schema import Choice, Step, Task
from bot.slack.view.blocks import section
from bot.slack.view.modals.frame import About, day, frame, one_of, text
from bot.slack.view.text import said
from bot.slack.view.wording import act_name, filled, option_label, step_name

_ANSWERS = {
    "text": "Your answer", "number": "A number", "url": "An address (https://…)", "none": "What did you learn?",
}  # fmt: skip


def skip(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks why the step is passed over."""
    what = section([f"*{said(step_name(step, incident), 80)}* is passed over; the walk goes on."])
    field = text("reason", "Why?", hint="Goes into the timeline, and into what the runbook learns.", most=1000)
    return frame("step.skip", "Skip a step", [what, field], about=about, submit="Skip it")


def answer(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks for what a task wants to know."""
    spec = step.spec
    asked = filled(spec.text, incident) if isinstance(spec, Task) else step_name(step, incident)
    kind = spec.answer if isinstance(spec, Task) else "text"
    fields = [_field(field) for field in fields_of(spec.fields)] if isinstance(spec, Task) else []
    if kind != "none" or not fields:
        fields.insert(0, text("answer", _ANSWERS[kind], lines=kind == "text", optional=kind == "none"))
    return frame("step.answer", "Answer", [section([said(asked, 1000)]), *fields], about=about, submit="Done")


def _field(field: Field) -> Block:
    """The input for one field of a task; what is wrong with it is told there."""
    name = f"field.{field.name}"
    if field.kind == "choice":
        return one_of(name, field.label, {option: option for option in field.options})
    if field.kind == "date":
        return day(name, field.label)
    hint = {"number": "A number", "url": "An address (https://…)"}.get(field.kind)
    return text(name, field.label, hint=hint, lines=False, most=MOST_ANSWER)


def decline(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks why an action is declined."""
    action = incident.state(step.id).action
    what = act_name(step, action) if action else step_name(step, incident)
    lines = [f"*{said(what, 120)}* will not be carried out; it can be asked for again."]
    field = text("reason", "Why not?", most=1000)
    return frame("step.decline", "Decline", [section(lines), field], about=about, submit="Decline")


def break_glass(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks why an action is carried out without an approver."""
    action = incident.state(step.id).action
    what = act_name(step, action) if action else step_name(step, incident)
    lines = [
        f"*{said(what, 120)}* begins at once, without an approver.",
        "The channel is told, it stands in the timeline, and it is reviewed tomorrow.",
    ]
    field = text("reason", "Why can it not wait?", most=1000)
    return frame(
        "step.break_glass", "Break the glass", [section(lines), field], about=about, submit="Break the glass"
    )  # fmt: skip


def skip_rehearsal(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks why an action goes without its rehearsal."""
    lines = [f"*{said(step_name(step, incident), 80)}* goes without a rehearsal in staging that passed."]
    field = text("reason", "Why?", hint="Goes into the timeline.", most=1000)
    return frame("step.skip_rehearsal", "Skip the rehearsal", [section(lines), field], about=about, submit="Skip it")


def choose(incident: Incident, step: Step, option: str, *, about: About) -> dict[str, Any]:
    """Asks for the reason of a decision that needs one."""
    known = step.spec.options.get(option) if isinstance(step.spec, Choice) else None
    label = option_label(known, incident) if known else option
    field = text("reason", "Why?", hint="Goes into the timeline.", most=1000)
    return frame("step.choose", "Decide", [section([f"*{said(label, 120)}*"]), field], about=about, submit="Decide")


def outside(incident: Incident, step: Step, *, about: About) -> dict[str, Any]:
    """Asks what was done by other means; it starts the watch."""
    lines = [f"*{said(step_name(step, incident), 80)}* counts as done from now on, and the watch starts."]
    field = text("note", "What did you do, and where?", optional=True, most=1000)
    return frame("step.outside", "Done outside", [section(lines), field], about=about, submit="It is done")
