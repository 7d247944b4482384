"""The silence at the source, on the card's last line."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.silences import SilenceState
from bot.slack.view.text import at, said


def silences(incident: Incident) -> list[str]:
    """Until when the alerts are silent, or why they are not; the newest silence counts."""
    return [_told(incident, state) for state in list(incident.silences.values())[-1:] if not state.ended]


def _told(incident: Incident, state: SilenceState) -> str:
    ending = state.lifted_by or incident.status != "open"
    if state.trouble:
        what = "the silence could not be ended" if ending else "the alerts could not be silenced"
        if not ending and any(place.free_tries for place in state.places.values()):
            what = "what was split off could not be heard again"
        return f":warning: {what}: {said(state.trouble, 160)}"
    if ending:
        return "the silence is being ended"
    what = "silenced at the source" if state.in_force else "being silenced at the source"
    count = len(state.staying)
    return f":no_bell: {count} alert{'s' if count != 1 else ''} {what} until {at(state.until)}"
