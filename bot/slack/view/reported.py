"""What people reported, on the card: a count, and whether they were the first."""

from __future__ import annotations

from bot.incidents.incident import Incident


def reported(incident: Incident) -> list[str]:
    """``First reported by users · 3 reports``; nothing if nobody reported anything."""
    if not incident.reports:
        return []
    count = f"{incident.reports} report{'s' if incident.reports != 1 else ''}"
    return [f"First reported by users · {count}" if incident.reported_first else f"{count} by users"]
