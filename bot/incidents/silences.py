"""Where a silence at the source stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents.acting import State
from bot.incidents.events.silences import Silenced

#: no silence lasts longer
LONGEST = timedelta(hours=24)
SHORTEST = timedelta(minutes=1)
#: so many alerts are silenced one by one
MOST_ALERTS = 100


class SilencePlace(State, frozen=True):
    """One connector. ``because``: why it is not silent there, or not heard again.

    ``tries``, ``end_tries`` and ``free_tries`` count how often each went wrong, last at ``tried_at``.
    """

    ids: tuple[str, ...] = ()
    set_at: datetime | None = None
    looked_at: datetime | None = None
    looks: int = 0
    missing: tuple[str, ...] = ()  # fingerprints that did not fire at the last look
    unknown: tuple[str, ...] = ()  # those that never fired there, neither when they were silenced nor at a look
    ended_at: datetime | None = None
    because: str = ""
    tries: int = 0
    end_tries: int = 0
    tried_at: datetime | None = None
    freed: tuple[int, ...] = ()  # of ``parted``, those that are heard again here
    free_tries: int = 0


class SilenceState(State, frozen=True):
    """One silence, at all of its places. ``lifted_by``: who wanted it to end before its time.

    ``parted`` are the places in ``alerts`` of those that were split off: they are to be heard.
    """

    number: int
    until: datetime
    by: str
    at: datetime
    alerts: tuple[Silenced, ...]
    places: dict[str, SilencePlace]
    lifted_by: str = ""
    over: bool = False
    parted: tuple[int, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it is silent anywhere, as far as is known."""
        return not self.over and any(place.ids and place.ended_at is None for place in self.places.values())

    @property
    def ended(self) -> bool:
        """Whether nothing of it can be in force any more."""
        return self.over or all(place.ended_at is not None for place in self.places.values())

    @property
    def staying(self) -> tuple[Silenced, ...]:
        """The alerts that are to be silent still."""
        return tuple(alert for position, alert in enumerate(self.alerts) if position not in self.parted)

    @property
    def strangers(self) -> frozenset[str]:
        """Fingerprints of what fired at none of the places: silenced nowhere, and nobody there knows its end."""
        asked = [set(place.unknown) for place in self.places.values() if place.set_at is not None]
        return frozenset(set.intersection(*asked)) if asked else frozenset()

    @property
    def trouble(self) -> str:
        """What went wrong last; empty if nothing did."""
        return next((place.because for place in self.places.values() if place.because), "")
