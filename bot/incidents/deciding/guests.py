"""Whether an incident may go on in a channel of somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.guests import AttachToChannel as AttachToChannel
from bot.incidents.guests import refused_there
from bot.incidents.incident import Incident

Events = tuple[ev.AnyEvent, ...]


def attach(incident: Incident, command: AttachToChannel, _: str, __: datetime) -> Events:
    """It moves there, unless it is over, there already, or would be read by more people than it should."""
    if incident.status not in ("open", "triage"):
        over = "it goes on as another incident" if incident.status == "merged" else "reopen it first"
        raise Refused("incident_over", f"{incident.key} is {incident.status}; {over}.")
    if incident.channel == command.channel and not refused_there(incident):
        raise Refused("already", f"{incident.key} is walked here already.")
    if incident.private and not command.private:
        why = f"{incident.key} is private, and everybody can read this channel. Attach it in a private one."
        raise Refused("would_be_public", why)
    moved = ev.AttachedToChannel(
        channel=command.channel, name=command.name[:80], tool=command.tool[:60], url=command.url[:1500]
    )
    return (moved,)


RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {AttachToChannel: attach}
