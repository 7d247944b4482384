"""Modals about the incident as a whole: declare it, note something, tell stakeholders, resolve it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.incidents.incident import Incident
from bot.runbooks.schema import SEVERITIES, Step, Update
from bot.slack.view.blocks import section
from bot.slack.view.modals.frame import About, frame, one_of, text
from bot.slack.view.surface import Workplace
from bot.slack.view.text import said, version
from bot.slack.view.watching import watching
from bot.slack.view.wording import as_written, headline

#: In the select of audiences: every one of them.
ALL = "*"


def declare(*, about: About, services: Iterable[str] = (), title: str = "", words: str = "") -> dict[str, Any]:
    """Asks for what opens an incident; ``words`` are the message that it begins with."""
    names = {name: name for name in services}
    service = one_of("service", "Which service?", names) if names else text("service", "Which service?", lines=False)
    fields = [
        text("title", "What is wrong?", initial=title, lines=False, most=150, hint="What people notice, not why."),
        service,
        one_of("severity", "How bad is it?", {name: name for name in SEVERITIES}, optional=True),
        text("text", "What is known so far?", initial=words, optional=True),
    ]
    return frame("incident.declare", "Declare an incident", fields, about=about, submit="Open it")


def note(incident: Incident, *, about: About) -> dict[str, Any]:
    """Asks for a finding; it goes into the timeline."""
    field = text("text", "What did you find?", hint="Goes into the timeline. Counts and links, no personal data.")
    return frame("incident.note", f"{incident.key}: finding", [field], about=about)


def audiences(incident: Incident, workplace: Workplace, step: Step | None = None) -> tuple[str, ...]:
    """Who can be told: those of the step, else those of the service, else everybody that is configured."""
    if step is not None and isinstance(step.spec, Update):
        return step.spec.audience
    return incident.audiences or tuple(workplace.audiences) or ("stakeholders",)


def update(incident: Incident, workplace: Workplace, step: Step | None, *, about: About) -> dict[str, Any]:
    """Asks what to tell whom, with the words of the runbook's step to begin with."""
    known = audiences(incident, workplace, step)
    options = {name: name for name in known}
    if len(known) > 1:
        options[ALL] = "All of them"
    initial = ALL if len(known) > 1 else next(iter(options))
    fields = [
        one_of("audience", "Whom?", options, initial=initial),
        text("text", "What do they need to know?", initial=_words(incident, step)),
    ]
    return frame("incident.update", "Tell stakeholders", fields, about=about, submit="Tell them")


def _words(incident: Incident, step: Step | None) -> str:
    if step is not None and isinstance(step.spec, Update):
        return as_written(step.spec.text, incident).strip()
    safe = incident.safe_at is not None
    target = incident.versions.target if incident.versions else None
    if incident.status == "resolved":
        return f"{incident.service}: resolved. We watch it and say so if it comes back."
    if safe and target:
        return f"{incident.service}: {version(target)} serves again. We watch whether that holds."
    return f"{incident.service}: {headline(incident)}. We are working on it and say more when we know more."


def resolve(incident: Incident, *, about: About) -> dict[str, Any]:
    """Asks for a summary; says what still goes on."""
    lines = watching(incident)[:1]
    if lines:
        lines.append("It goes on after you resolve, and reopens the incident on a relapse.")
    elif incident.firing and incident.alerts:
        lines = [said("The alert is still firing.")]
    field = text("summary", "What was it, in a sentence or two?", optional=True)
    fields = [*([section(lines)] if lines else []), field]
    return frame("incident.resolve", f"Resolve {incident.key}", fields, about=about, submit="Resolve")
