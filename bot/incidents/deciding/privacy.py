"""The rules about who may read of the incident, and what may be erased of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.privacy import MakePrivate as MakePrivate
from bot.incidents.commands.privacy import SetHold as SetHold
from bot.incidents.incident import Incident

Events = tuple[ev.AnyEvent, ...]
_MOST_REASON = 1000


def make_private(incident: Incident, command: MakePrivate, _: str, __: datetime) -> Events:
    """It moves to a private channel; asked again, Slack is asked again for the one that it refused."""
    if incident.status == "merged":
        raise Refused("incident_over", f"{incident.key} goes on as another incident; name that one.")
    if incident.private and incident.place != "direct":
        raise Refused("already", f"{incident.key} is private already.")
    return (ev.MadePrivate(reason=command.reason.strip()[:_MOST_REASON], again=incident.private),)


def set_hold(incident: Incident, command: SetHold, _: str, __: datetime) -> Events:
    """A hold begins, or ends for a reason that is said."""
    reason = command.reason.strip()[:_MOST_REASON]
    if command.on == incident.held:
        raise Refused("already", f"{incident.key} is {'held already' if incident.held else 'not held'}.")
    if command.on:
        return (ev.HoldPlaced(reason=reason),)
    if not reason:
        raise Refused("needs_reason", "Say why the hold ends: what was held may be erased from then on.")
    return (ev.HoldLifted(reason=reason),)


def with_privacy(incident: Incident, events: Events) -> Events:
    """The events, and that the incident is private if one of them attaches a runbook that says so."""
    for event in events:
        if isinstance(event, ev.RunbookAttached) and event.runbook.confidential and not incident.private:
            return (*events, ev.MadePrivate(reason=f"the runbook {event.runbook.id} is private"))
    return events


RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {MakePrivate: make_private, SetHold: set_hold}
