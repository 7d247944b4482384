"""What has to be there before a message can be posted where the incident lives."""

from __future__ import annotations

from bot.incidents.guests import card_of_guest
from bot.incidents.incident import Incident

#: the card of an incident that never moved
FIRST = "first"


def card_key(incident: Incident) -> str:
    """The key of the card: where an incident has moved on, it has another one than where it was."""
    return card_of_guest(incident) if incident.place == "guest" else FIRST


def where(incident: Incident) -> tuple[str, ...]:
    """The key of the channel, or of the thread's head, and of the card that comes first in it."""
    if incident.place in ("guest", "direct"):
        return (card_key(incident),)
    return ("announcement", FIRST) if incident.place == "thread" else ("channel", FIRST)
