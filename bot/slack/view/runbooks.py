"""What the channel is asked about its runbook: which of several that fit, and what it cannot know by itself."""

from __future__ import annotations

from slack_sdk.models.blocks import InteractiveElement

from bot.incidents.incident import Incident
from bot.incidents.naming import missing_inputs
from bot.slack.view.blocks import actions, button, message, section, value
from bot.slack.view.holding import asked_for
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, person, said

#: Runbooks with a button each; more than these nobody tells apart at night.
MOST_TIED = 5


def tie(incident: Incident) -> Surface | None:
    """Asked once, with a button for each; then it says who chose which."""
    tied = incident.tie
    if tied is None or not tied.runbooks:
        return None
    if tied.chosen:
        when = f" {at(tied.at)}" if tied.at else ""
        lines = [f":books: {person(tied.by)} chose the runbook *{said(tied.chosen, 80)}*{when}."]
        content = message(f"The runbook {said(tied.chosen, 80)} was chosen", [section(lines)])
        return Surface(key="tie", kind="message", content=content, needs=where(incident))
    shown = list(tied.runbooks.items())[:MOST_TIED]
    walked = incident.runbook.id if incident.runbook else ""
    until = f" Until you choose, *{said(walked, 80)}* is walked." if walked else ""
    lines = [f":books: *{len(tied.runbooks)} runbooks fit equally well. Which one?*{until}"]
    lines += [f"• *{said(name, 80)}*: {said(title, 150)}" for name, title in shown]
    content = message("Which runbook?", [section(lines), actions(_choices(incident, [name for name, _ in shown]))])
    return Surface(key="tie", kind="message", content=content, needs=where(incident))


def _choices(incident: Incident, ids: list[str]) -> list[InteractiveElement]:
    ref = value(incident, "", len(incident.pins))
    row = [button(f"Walk {name}", f"runbook.attach:{name}", ref) for name in ids]
    stays = [button(f"Stay with {incident.runbook.id}", "runbook.keep", ref)] if incident.runbook else []
    return [*row, *stays]


def _words(name: str) -> str:
    return name.replace("_", " ")


def inputs(incident: Incident) -> Surface | None:
    """What the runbook asks for; then what was said, and by whom."""
    runbook = incident.runbook
    asked = runbook.inputs if runbook else {}
    missing, given = missing_inputs(incident), {n: i for n, i in incident.inputs.items() if n in asked}
    if not missing and not given:
        return None
    known = [f"{said(_words(name), 60)}: {said(i.value, 120)} ({person(i.by)})" for name, i in given.items()]
    if not missing:
        content = message("What the runbook asked for", [section([":memo: " + " · ".join(known)])])
        return Surface(key="inputs", kind="message", content=content, needs=where(incident))
    lines = ["*The runbook needs to know:* " + " ".join(asked_for(incident)), *known]
    waiting = "What it measures with that waits for the answer."
    row = [button("Answer", "runbook.input", value(incident), style="primary")]
    content = message("The runbook needs to know something", [section([*lines, waiting]), actions(row)])
    return Surface(key="inputs", kind="message", content=content, needs=where(incident))
