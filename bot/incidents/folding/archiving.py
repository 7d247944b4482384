"""What changes when the incident's channel is about to go, stays, or went; and when the incident is reopened then."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.archiving import is_archived, surface_of
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


def reopened(head: Incident, entry: ev.Entry) -> Changes:
    """The incident goes on: in another channel, if its own is in the archive."""
    if not isinstance(entry.event, ev.Reopened):
        return {}
    known = replace(head.archiving, at=None, because="")
    if not is_archived(head):
        return {"archiving": known}
    if surface_of(head.channel) in head.refused:  # Slack would not have it: it is still there
        stays = tuple(channel for channel in known.archived if channel != head.channel)
        return {"archiving": replace(known, archived=stays)}
    return {"archiving": replace(known, renewed=known.renewed + 1), "channel": ""}


def _announced(head: Incident, event: ev.ArchiveAnnounced, entry: ev.Entry) -> Changes:
    told = head.archiving.told + 1
    return {"archiving": replace(head.archiving, at=event.at, told=told, told_at=entry.at, because="")}


def _put_off(head: Incident, event: ev.ArchivePutOff, _: ev.Entry) -> Changes:
    return {"archiving": replace(head.archiving, at=None, because=event.because)}


def _archived(head: Incident, event: ev.ChannelArchived, _: ev.Entry) -> Changes:
    if event.by_hand:
        return {"archiving": replace(head.archiving, at=None, gone=(*head.archiving.gone, event.channel))}
    return {"archiving": replace(head.archiving, at=None, archived=(*head.archiving.archived, event.channel))}


CHANGES: Table = {ev.ArchiveAnnounced: _announced, ev.ArchivePutOff: _put_off, ev.ChannelArchived: _archived}
