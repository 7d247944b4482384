"""Modals about the walk: what the runbook needs to know, what people suspect, and what the evidence says of it."""

from __future__ import annotations

from typing import Any

from bot.incidents.incident import Incident
from bot.incidents.naming import missing_inputs
from bot.slack.view.answers import JUDGED
from bot.slack.view.modals.frame import About, frame, one_of, text
from bot.slack.view.text import plain


def inputs(incident: Incident, *, about: About) -> dict[str, Any]:
    """Asks for every input that is missing; with none left, for those that were given, to put them right."""
    asked = missing_inputs(incident)
    known = incident.runbook.inputs if incident.runbook else {}
    asked = asked or {name: one for name, one in known.items() if one.ask}
    given = {name: one.value for name, one in incident.inputs.items()}
    fields = [
        text(f"input.{name}", one.ask or f"{name.replace('_', ' ')}?", lines=False, most=300,
             initial=given.get(name, ""))
        for name, one in asked.items()
    ]  # fmt: skip
    return frame("runbook.input", "Answer", fields[:12], about=about, submit="Answer")


def hypothesis(incident: Incident, *, about: About) -> dict[str, Any]:
    """Asks for a suspicion; it stands beside the runbook until evidence decides."""
    hint = "What could be the cause, and what would show it? One sentence."
    field = text("text", "What do you suspect?", hint=hint, most=500)
    return frame("hypothesis.add", f"{incident.key}: hypothesis", [field], about=about, submit="Add it")


def judge(incident: Incident, *, about: About) -> dict[str, Any]:
    """Asks which suspicion, how it stands, and what shows it."""
    known = {str(one.number): plain(f"{one.number} {one.text}") for one in incident.hypotheses}
    first = next((str(one.number) for one in incident.hypotheses if one.judged == "open"), None)
    fields = [
        one_of("hypothesis", "Which one?", known, initial=first),
        one_of("judged", "How does it stand?", {key: word for key, word in JUDGED.items() if key != "open"}
               | {"open": "open again"}),
        text("evidence", "What shows it?", optional=True, most=1000, hint="A number, a link, what was tried."),
    ]  # fmt: skip
    return frame("hypothesis.judge", f"{incident.key}: judge", fields, about=about, submit="Save")
