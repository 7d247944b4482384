"""Looks whether anybody still writes in the channel of an incident that is over, before it is archived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.errors import SlackError, SlackRefusal
from bot.incidents import events as ev
from bot.incidents.archiving import notice_of, quiet_for
from bot.incidents.incident import Incident


class Talk(Protocol):
    """What is said in a channel."""

    async def last_word(self, channel: str, *, since: datetime) -> datetime | None:
        """When a person last wrote there; None: nobody did since then. Raises SlackError."""
        ...


class Archiving:
    """Carries out ``archive``. ``now`` gives aware times."""

    def __init__(self, talk: Talk, *, now: Callable[[], datetime]) -> None:
        self._talk = talk
        self._now = now

    async def __call__(self, incident: Incident) -> tuple[ev.AnyEvent, ...]:
        """That the channel goes soon, that it goes, or that it stays; nothing while Slack does not answer."""
        known, now = incident.archiving, self._now()
        since = known.told_at if known.at is not None and known.told_at else now - quiet_for(incident)
        try:
            used_at = await self._talk.last_word(incident.channel, since=since)
        except SlackRefusal as refused:
            return (ev.ArchivePutOff(because=refused.code),)
        except SlackError:
            return ()
        used_at = max(
            (at for at in (used_at, *incident.acted.values()) if at is not None and at > since), default=None
        )
        if used_at is not None:
            return (ev.ArchivePutOff(used_at=used_at),)
        if known.at is None:
            return (ev.ArchiveAnnounced(at=now + notice_of(incident)),)
        return (ev.ChannelArchived(channel=incident.channel),)
