"""What is answered to whoever asks something of an incident that is over."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.stamps import stamp


def over(incident: Incident) -> str:
    """Who ended it, when and how, and what to do if it is not over."""
    at = f" at {stamp(incident.status_at)}" if incident.status_at else ""
    by = "by itself" if incident.status_by == ev.EVENKEEL else f"by <@{incident.status_by}>"
    if incident.status == "merged":
        return f"{incident.key} was merged {by}{at}; it goes on as INC-{incident.together.into}."
    word = "resolved" if incident.status == "resolved" else "closed as a false alarm"
    return f"{incident.key} was {word} {by}{at}. Reopen it if it is not over."
