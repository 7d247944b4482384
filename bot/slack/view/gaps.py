"""For every step that is not configured: what to add, so that next time the bot can do it."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.slack.view import evidence
from bot.slack.view.blocks import message, section
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import said


def gaps(incident: Incident) -> Surface | None:
    """Said once, after the card; nothing if nothing is missing."""
    missing = evidence.to_add(incident)
    if not missing:
        return None
    service = said(incident.service, 80)
    lines = [f":wrench: Not configured for {service}; the walk goes on without. For next time, add to evenkeel.yaml:"]
    content = message(f"Not configured for {service}", [section([*lines, *(f"• {line}" for line in missing)])])
    return Surface(key="gaps", kind="message", content=content, needs=where(incident), live=False)
