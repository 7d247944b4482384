"""How long it took: the three clocks, in one line."""

from __future__ import annotations

from bot.incidents.clocks import clocks_of
from bot.incidents.counting import duration
from bot.incidents.incident import Incident


def took(incident: Incident) -> list[str]:
    """Alert to safe, request to approval, approval to safe; nothing where nothing was made safe."""
    three = clocks_of(incident)
    if three.alert_to_safe is None:
        return []
    parts = [
        (three.request_to_approval, "from the request to the approval"),
        (three.approval_to_safe, "from the approval to safe"),
    ]
    told = [f"{duration(seconds)} {what}" for seconds, what in parts if seconds is not None]
    since = f"Safe {duration(three.alert_to_safe)} after the alert"
    return [f":stopwatch: {since}: {', '.join(told)}." if told else f":stopwatch: {since}."]
