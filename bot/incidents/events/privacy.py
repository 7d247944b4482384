"""Who may read of the incident, and what may be erased of it."""

from __future__ import annotations

from bot.incidents.events.event import Event


class MadePrivate(Event, frozen=True):
    """From now on only those in its private channel read of the incident; a public channel is left behind.

    ``again``: Slack refused the private channel, and somebody asked for it once more.
    """

    reason: str = ""
    again: bool = False


class HoldPlaced(Event, frozen=True):
    """Nothing of the incident is erased, redacted or archived until the hold is lifted."""

    reason: str = ""


class HoldLifted(Event, frozen=True):
    """The hold is over."""

    reason: str = ""


PrivacyEvent = MadePrivate | HoldPlaced | HoldLifted
