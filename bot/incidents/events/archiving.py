"""The channel of an incident that is over goes, after a while in which nobody wrote there."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.events.event import Event


class ArchiveAnnounced(Event, frozen=True):
    """The channel is told that it is archived ``at`` that time, unless somebody writes there."""

    at: datetime


class ArchivePutOff(Event, frozen=True):
    """The channel stays: somebody wrote there at ``used_at``, or Slack did not let us look, ``because``."""

    used_at: datetime | None = None
    because: str = ""


class ChannelArchived(Event, frozen=True):
    """The channel is archived; the call follows. ``by_hand``: somebody archived or deleted it, and there is none."""

    channel: str
    by_hand: bool = False


ArchiveEvent = ArchiveAnnounced | ArchivePutOff | ChannelArchived
