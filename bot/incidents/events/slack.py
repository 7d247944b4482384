"""What Slack gave or refused, and what was blanked."""

from __future__ import annotations

from bot.incidents.events.event import Event


class ChannelOpened(Event, frozen=True):
    """The incident has its channel."""

    channel: str
    name: str


class ChannelRefused(Event, frozen=True):
    """Channels may not be created here; the incident lives in a thread of the incidents channel."""

    code: str


class SlackRefused(Event, frozen=True):
    """Slack refused to show a surface, for good; a person has to mend the cause."""

    surface: str
    method: str
    code: str


class Redacted(Event, frozen=True):
    """What people typed in entry ``seq`` was blanked."""

    seq: int
