"""The suggestion, and what limits the damage if it is wrong."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.walk import Suggestion
from bot.runbooks.schema import Action, Choice, Step
from bot.slack.view.text import said
from bot.slack.view.wording import called, filled, option_label


def suggests(incident: Incident, step: Step, suggested: Suggestion) -> str:
    """``Suggested: roll back to v41.`` with why it would be safe and who depends on it."""
    spec = step.spec
    option = spec.options[suggested.option] if isinstance(spec, Choice) else None
    label = option_label(option, incident) if option else suggested.option
    parts = [f"*Suggested: {said(label[:1].lower() + label[1:], 100)}.*"]
    leads_to = incident.runbook.step(option.goto) if option and option.goto and incident.runbook else None
    if leads_to is not None and isinstance(leads_to.spec, Action):
        if not leads_to.spec.of_version:
            parts += _what(incident, leads_to, leads_to.spec)
        parts += _why_safe(incident, leads_to.spec, suggested)
    if incident.consumers:
        parts.append(said(f"Consumers: {', '.join(incident.consumers)}", 200))
    return " ".join(parts)


def _what(incident: Incident, step: Step, action: Action) -> list[str]:
    """What would be so then: ``Fallback: the last good values answer.``"""
    name, then = called(step), filled(action.target, incident)
    return [said(f"{name[:1].upper()}{name[1:]}: {then}.", 200)] if then else []


def _why_safe(incident: Incident, action: Action, suggested: Suggestion) -> list[str]:
    """What limits the damage if the suggestion is wrong."""
    told = incident.state(suggested.evidence).evidence.get("safe")
    reasons = [f"{said(told, 200)}."] if isinstance(told, str) and told else []
    if action.undo.how == "captured":
        now = "What serves now" if action.of_version else "What is set now"
        reasons.append(f"{now} is recorded first, so it can be undone.")
    elif action.undo.how == "call":
        reasons.append("It can be undone.")
    else:
        reasons.append(f"It cannot be undone: {said(action.undo.reason, 150)}.")
    return reasons
