"""Whether an incident's alerts may be silenced where they come from: for a while, these alone."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.agenda.silencing import to_end
from bot.incidents.commands.silences import LiftSilences, SilenceAlerts
from bot.incidents.incident import Incident
from bot.incidents.silences import LONGEST, MOST_ALERTS, SHORTEST, SilenceState
from bot.personal import is_withheld

Events = tuple[ev.AnyEvent, ...]
_Report = ev.SilenceSet | ev.SilenceLooked | ev.SilenceEnded | ev.SilenceFreed


def silence(incident: Incident, command: SilenceAlerts, _: str, now: datetime) -> Events:
    """Never everything, never for good, and never what is not the incident's."""
    if not command.connectors:
        here = f"`mute {incident.key} 2h` keeps more of them quiet here."
        cure = "add a connector of kind `alertmanager` to evenkeel.yaml, or silence them where they come from"
        raise Refused("not_connected", f"No Alertmanager is connected: {cure}. {here}")
    if not SHORTEST.total_seconds() <= command.seconds <= LONGEST.total_seconds():
        raise Refused("too_long", "A silence lasts between one minute and 24 h: `silence 2h`.")
    if not command.alerts:
        raise Refused("nothing_fires", f"No alert of {incident.key} fires that Alertmanager sent.")
    if len(command.alerts) > MOST_ALERTS:
        many = f"More than {MOST_ALERTS} alerts of {incident.key} fire; so many are not silenced one by one."
        raise Refused("too_many", f"{many} Silence them in Alertmanager.")
    for alert in command.alerts:
        if any(is_withheld(value) for value in alert.labels.values()):  # no matcher would fit the alert
            about = f"A label of “{alert.name[:80]}” says something about a person, which is not kept here."
            raise Refused("withheld", f"{about} Silence it in Alertmanager.")
        if sum(1 for value in alert.labels.values() if value) < 2:
            wide = f"“{alert.name[:80]}” carries nothing but its name: a silence for it would silence others too."
            raise Refused("too_wide", f"{wide} Silence it in Alertmanager.")
    asked = ev.SilenceAsked(
        silence=len(incident.silences) + 1, until=now + timedelta(seconds=command.seconds), alerts=command.alerts,
        connectors=command.connectors,
    )  # fmt: skip
    return (asked,)


def lift(incident: Incident, _: LiftSilences, __: str, ___: datetime) -> Events:
    """Every silence of the incident ends."""
    there = [state for state in incident.silences.values() if not state.ended and not to_end(incident, state)]
    if not there:
        raise Refused("nothing_silenced", f"No alert of {incident.key} is silenced.")
    return tuple(ev.SilenceLiftAsked(silence=state.number) for state in there)


def was_set(incident: Incident, event: ev.SilenceSet, _: datetime) -> bool:
    """Whether the report still says something new."""
    place = _place(incident, event)
    return place is not None and place.set_at is None and place.ended_at is None


def was_looked(incident: Incident, event: ev.SilenceLooked, _: datetime) -> bool:
    """Whether it is still silenced."""
    place = _place(incident, event)
    return place is not None and place.set_at is not None and place.ended_at is None


def has_ended(incident: Incident, event: ev.SilenceEnded, _: datetime) -> bool:
    """Whether it had not ended before."""
    place = _place(incident, event)
    return place is not None and place.ended_at is None


def is_over(incident: Incident, event: ev.SilenceOver, now: datetime) -> bool:
    """Whether its time has come."""
    state = incident.silences.get(event.silence)
    return state is not None and not state.over and now >= state.until


def parted(incident: Incident, gone: Container[tuple[str, str]], *, number: int) -> Events:
    """What the log says when these alerts (source, fingerprint) are incident ``number`` now: they are to be heard.

    A silence of which nothing is left ends.
    """
    found: list[ev.AnyEvent] = []
    for state in _in_force(incident):
        going = _going(state, gone)
        if len(going) + len(state.parted) == len(state.alerts) and going:
            found.append(ev.SilenceLiftAsked(silence=state.number))
        elif going:
            found.append(ev.SilenceParted(silence=state.number, positions=going, number=number))
    return tuple(found)


def silent(incident: Incident, gone: Container[tuple[str, str]]) -> int:
    """How many of these alerts are silent at their source."""
    alerts = {state.alerts[position].fingerprint for state in _in_force(incident) for position in _going(state, gone)}
    return len(alerts)


def _in_force(incident: Incident) -> list[SilenceState]:
    return [state for state in incident.silences.values() if not state.ended and not to_end(incident, state)]


def _going(state: SilenceState, gone: Container[tuple[str, str]]) -> tuple[int, ...]:
    return tuple(
        position for position, alert in enumerate(state.alerts)
        if position not in state.parted and (alert.source, alert.fingerprint) in gone
    )  # fmt: skip


def was_freed(incident: Incident, event: ev.SilenceFreed, _: datetime) -> bool:
    """Whether it was to be heard, and was not yet."""
    place, state = _place(incident, event), incident.silences.get(event.silence)
    if place is None or state is None or place.ended_at is not None:
        return False
    return bool(set(event.positions) & (set(state.parted) - set(place.freed)))


def _place(incident: Incident, event: _Report) -> Any:
    state = incident.silences.get(event.silence)
    return state.places.get(event.connector) if state is not None and not state.over else None


RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {SilenceAlerts: silence, LiftSilences: lift}
APPLIES: dict[type, Callable[[Incident, Any, datetime], bool]] = {
    ev.SilenceSet: was_set,
    ev.SilenceLooked: was_looked,
    ev.SilenceEnded: has_ended,
    ev.SilenceFreed: was_freed,
    ev.SilenceOver: is_over,
}
