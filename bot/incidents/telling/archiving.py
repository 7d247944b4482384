"""The end of an incident's channel, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev
from bot.incidents.stamps import stamp


def _put_off(event: ev.ArchivePutOff) -> str:
    if event.because:
        return f"the channel stays: Slack did not let me look whether anybody writes there ({event.because})"
    return "the channel stays: somebody wrote there"


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.ArchiveAnnounced: lambda e: f"the channel is archived {stamp(e.at)}, unless somebody writes there",
    ev.ArchivePutOff: _put_off,
    ev.ChannelArchived: lambda e: "the incident has no channel any more" if e.by_hand else "the channel was archived",
}
