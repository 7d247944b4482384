"""What may become of an incident whose alerts are all over."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.together import KeepOpen
from bot.incidents.incident import Incident
from bot.incidents.quiet import proposes_at, quiet_since, resolves_at

Events = tuple[ev.AnyEvent, ...]


def keep_open(incident: Incident, _: KeepOpen, __: str, ___: datetime) -> Events:
    """A person says that it is not over."""
    if incident.theirs.proposes and incident.status == "open":
        return (ev.KeptOpen(),)
    if incident.together.kept_open_by:
        raise Refused("already", f"<@{incident.together.kept_open_by}> keeps it open already.")
    if quiet_since(incident) is None:
        raise Refused("nothing_proposed", "Alerts fire again, or work goes on: nobody proposes to resolve it now.")
    return (ev.KeptOpen(),)


def proposed(incident: Incident, _: ev.ResolveProposed, now: datetime) -> bool:
    """Whether the proposal still applies."""
    at = proposes_at(incident)
    return at is not None and now >= at


def resolved(incident: Incident, _: ev.Resolved, now: datetime) -> bool:
    """Whether it may end by itself."""
    at = resolves_at(incident)
    return at is not None and now >= at
