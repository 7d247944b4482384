"""For every step that is not configured: what to add, so that next time the bot can do it."""

from __future__ import annotations

from bot.alerts.routing import MANY_SERVICES, UNKNOWN_SERVICE
from bot.incidents.incident import Incident
from bot.slack.view import evidence
from bot.slack.view.blocks import message, section
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import said

_NAMELESS = (
    ":wrench: Nobody said which service this is about, so nothing could be looked at; the walk goes on without. For "
    "next time: give the alert a label `service`, or a route with `service:` in evenkeel.yaml. `evenkeel alerts` and "
    "`evenkeel replay-alert` show what came."
)


def gaps(incident: Incident) -> Surface | None:
    """Said once, after the card; nothing if nothing is missing, or if no one service could have it."""
    missing = evidence.to_add(incident)
    if not missing or incident.service == MANY_SERVICES:
        return None
    if incident.service == UNKNOWN_SERVICE:
        return _surface(incident, "Nobody said which service this is about", [_NAMELESS])
    service = said(incident.service, 80)
    lines = [f":wrench: Not configured for {service}; the walk goes on without. For next time, add to evenkeel.yaml:"]
    return _surface(incident, f"Not configured for {service}", [*lines, *(f"• {line}" for line in missing)])


def _surface(incident: Incident, text: str, lines: list[str]) -> Surface:
    content = message(text, [section(lines)])
    return Surface(key="gaps", kind="message", content=content, needs=where(incident), live=False)
