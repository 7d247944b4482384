"""What has to be there before a message can be posted where the incident lives."""

from __future__ import annotations

from bot.incidents.incident import Incident


def where(incident: Incident) -> tuple[str, ...]:
    """The key of the channel, or of the thread's head, and of the card that comes first in it."""
    return ("announcement", "first") if incident.place == "thread" else ("channel", "first")
