"""An incident that nobody has opened yet: announced with a button, or held back until there are more alerts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.incidents.events.event import Event


class Waiting(msgspec.Struct, frozen=True):
    """The incident begins in triage.

    ``announced``: people see it, with a button; else nobody does until ``count`` alerts began within ``within``
    seconds. Once its alerts are over for ``window`` seconds it is over, too.
    """

    announced: bool = True
    count: int = 0
    within: float = 0.0
    window: float = 1800.0


class TriageAnnounced(Event, frozen=True):
    """It was held back, and an alert joined that people are to see: it is announced from now on."""


class TriageOpened(Event, frozen=True):
    """From now on it is an open incident: a person opened it, or its alerts did (``because``)."""

    because: str = ""


class TriageDismissed(Event, frozen=True):
    """A person says "not now". ``muted_until``: and keeps such alerts quiet until then, by the mute ``mute``."""

    muted_until: datetime | None = None
    mute: int = 0


class TriageRenewed(Event, frozen=True):
    """The mute is over and its alerts still fire: it is announced once more."""


class TriageEnded(Event, frozen=True):
    """Its alerts were over before anybody opened it."""


TriageEvent = TriageAnnounced | TriageOpened | TriageDismissed | TriageRenewed | TriageEnded
