"""What silences at the source ask for: to be made, looked after, and ended with the incident."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found, Work
from bot.incidents.incident import Incident
from bot.incidents.silences import SilencePlace, SilenceState

#: How often a source that cannot be reached is tried, and the pause before the next time: longer every time.
MOST_TRIES = 6
TRY_AGAIN = timedelta(seconds=30)
#: Between two looks at what still fires.
LOOK = timedelta(minutes=5)


def silencing(incident: Incident, found: Found) -> None:
    """Silences that are wanted, looks at those in force, and the end of those of an incident that is over."""
    for state in incident.silences.values():
        if state.ended:
            continue
        if found.reached(state.until):
            found.due.append(ev.SilenceOver(silence=state.number))
            continue
        for name, place in state.places.items():
            if place.ended_at is None:
                key, ends = f"{state.number}:{name}", to_end(incident, state)
                (_end if ends else _keep)(key, place, found)
                if not ends:
                    _free(key, state, place, found)


def to_end(incident: Incident, state: SilenceState) -> bool:
    """Whether it should end before its time: somebody said so, or the incident is over."""
    return bool(state.lifted_by) or incident.status != "open"


def _keep(key: str, place: SilencePlace, found: Found) -> None:
    if place.set_at is None:
        if _may_try(place, place.tries, found):
            found.work.append(Work(kind="silence", step=key, attempt=place.tries + 1))
    elif found.reached((place.looked_at or place.set_at) + LOOK):
        found.work.append(Work(kind="silence_look", step=key, attempt=place.looks + 1))


def _end(key: str, place: SilencePlace, found: Found) -> None:
    """Also where none is known to be made: whoever was to make it may have died before it could say so."""
    if _may_try(place, place.end_tries, found):
        found.work.append(Work(kind="unsilence", step=key, attempt=place.end_tries + 1))


def _free(key: str, state: SilenceState, place: SilencePlace, found: Found) -> None:
    """What was split off is heard again, once it is known what is silent."""
    there = place.set_at is not None or place.tries >= MOST_TRIES
    if there and set(state.parted) - set(place.freed) and _may_try(place, place.free_tries, found):
        found.work.append(Work(kind="unsilence_some", step=key, attempt=place.free_tries + 1))


def _may_try(place: SilencePlace, tries: int, found: Found) -> bool:
    if tries >= MOST_TRIES:
        return False
    return not tries or place.tried_at is None or found.reached(place.tried_at + tries * TRY_AGAIN)
