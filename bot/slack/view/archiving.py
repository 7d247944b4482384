"""The line before an incident's channel goes, and the archiving itself."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.incidents.archiving import is_archived, surface_of
from bot.incidents.incident import Incident
from bot.slack.view.blocks import message, section
from bot.slack.view.channel import page
from bot.slack.view.surface import INCIDENT, Surface, Workplace
from bot.slack.view.text import link, on, said

#: what is still looked at where an incident lived whose channel is archived: it stays as it was
_KEPT = ("channel", "first")


def last_words(incident: Incident, workplace: Workplace) -> Surface | None:
    """When the channel goes, and how to keep it; or that it stays."""
    known = incident.archiving
    if not known.told:
        return None
    line = _line(incident, workplace)
    content = message(line.replace("*", ""), [section([line])])
    return Surface(key=f"archiving:{known.told}", kind="message", content=content, needs=("channel",))


def _line(incident: Incident, workplace: Workplace) -> str:
    known = incident.archiving
    if incident.held:
        return f"{incident.key} is under a legal hold, so this channel stays."
    if incident.status == "open":
        return f"{incident.key} was reopened, so this channel stays."
    if known.at is not None:
        address = link(page(incident, workplace), "its page")
        kept = f" Everything stays on {address}." if address else ""
        return (
            f":file_cabinet: *This channel is archived {on(known.at)}*: {incident.key} is over, and nobody wrote "
            f"here for a while. Write something here to keep it.{kept}"
        )
    if is_archived(incident):
        return f":file_cabinet: This channel is archived: {incident.key} is over."
    if known.because:
        return (
            f"This channel stays: Slack did not let me look whether anybody writes here ({said(known.because, 60)})."
        )
    return "Somebody wrote here, so this channel stays."


def archived(incident: Incident) -> list[Surface]:
    """The channels that go; none while the incident is under a legal hold."""
    if incident.held:
        return []
    return [
        Surface(key=surface_of(channel), kind="archive", content={}, place=channel, live=False)
        for channel in incident.archiving.archived
    ]


def without_the_archived(incident: Incident, wanted: Iterable[Surface | None]) -> list[Surface]:
    """What can still be shown: in a channel that is archived nothing changes any more."""
    shown = [surface for surface in wanted if surface is not None]
    if not is_archived(incident):
        return shown
    return [
        replace(surface, live=False) if surface.place == INCIDENT else surface
        for surface in shown
        if surface.place != INCIDENT or surface.key in _KEPT
    ]
