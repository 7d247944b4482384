"""Whether what was found out about the incident's channel still applies, and what its loss means. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.incidents import events as ev
from bot.incidents.archiving import is_archived, may_go
from bot.incidents.commands.archiving import LoseChannel as LoseChannel
from bot.incidents.incident import Incident


def _announced(incident: Incident, event: ev.ArchiveAnnounced, now: datetime) -> bool:
    return may_go(incident) and incident.archiving.at is None and event.at > now


def _put_off(incident: Incident, _: ev.ArchivePutOff, __: datetime) -> bool:
    return may_go(incident)


def _archived(incident: Incident, event: ev.ChannelArchived, now: datetime) -> bool:
    at = incident.archiving.at
    return may_go(incident) and at is not None and now >= at and event.channel == incident.channel


def _lost(incident: Incident, command: LoseChannel, _: str, __: datetime) -> tuple[ev.AnyEvent, ...]:
    """Known once; a guest, and an incident that went on elsewhere, has lost nothing."""
    if incident.place != "channel" or incident.channel != command.channel or is_archived(incident):
        return ()
    return (ev.ChannelArchived(channel=command.channel, by_hand=True),)


RULES: Mapping[type, Callable[[Incident, Any, str, datetime], tuple[ev.AnyEvent, ...]]] = {LoseChannel: _lost}

APPLIES: Mapping[type, Callable[[Incident, Any, datetime], bool]] = {
    ev.ArchiveAnnounced: _announced,
    ev.ArchivePutOff: _put_off,
    ev.ChannelArchived: _archived,
}
