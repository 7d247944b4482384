"""What Slack gave or refused, and what was blanked."""

from __future__ import annotations

from bot.incidents.events.event import Event


class ChannelOpened(Event, frozen=True):
    """The incident has its channel. ``surface`` is the one that asked for it: there is another one if it moved."""

    channel: str
    name: str
    surface: str = "channel"


class ChannelRefused(Event, frozen=True):
    """Channels may not be created here. The incident lives in a thread of the incidents channel; a private one in
    direct messages."""

    code: str
    surface: str = "channel"


class SlackRefused(Event, frozen=True):
    """Slack refused to show a surface, for good; a person has to mend the cause."""

    surface: str
    method: str
    code: str


class Redacted(Event, frozen=True):
    """What people typed in entry ``seq`` was blanked."""

    seq: int


SlackEvent = ChannelOpened | ChannelRefused | SlackRefused | Redacted
