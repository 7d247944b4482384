"""The silence at the source, on the card's last line."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.silences import SilenceState
from bot.slack.view.text import at, said

_NOT_THERE = "silence the others where they come from, they do not fire in"


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
    unknown = sum(1 for alert in state.staying if alert.fingerprint in state.strangers)
    of = f"{count - unknown} of " if unknown else ""
    rest = f"; {_NOT_THERE} {', '.join(sorted(state.places))}" if unknown else ""
    return f":no_bell: {of}{count} alert{'s' if count != 1 else ''} {what} until {at(state.until)}{rest}"
