"""A private incident: what the rest of the workspace may read of it, and where it goes on.

What lives where the incident lives is shown anew, under other names, in the channel that it moved to. What was posted
where everybody reads stays there without its content. Where Slack opens no private channel, nothing of it is posted
in a public place: it lives in the direct messages of one person, and the others are told whose.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.incidents.incident import Incident
from bot.incidents.insiders import insiders
from bot.incidents.moves import in_generation
from bot.slack.verdicts import CURES
from bot.slack.view.blocks import actions, button, message, section, value
from bot.slack.view.channel import page
from bot.slack.view.surface import INCIDENT, Surface, Workplace
from bot.slack.view.text import link, person, said

#: so many people are told where a private incident lives that has no channel
MOST_TOLD = 10


def without_channel(incident: Incident, workplace: Workplace) -> list[Surface]:
    """A direct message to everybody who belongs to it: why there is no channel, and what to do."""
    cure = CURES.get(incident.no_channel, "let the app create private channels")
    lines = [
        f":lock: *{incident.key}* is private, and Slack opened no private channel for it "
        f"({said(incident.no_channel, 60)}). Nothing of it is posted where everybody can read it.",
        f"To mend it: {cure} (`groups:write` is the scope for private channels); then type "
        f"`{workplace.command} private {incident.key}`.",
    ]
    return [_told(incident, workplace, who, lines) for who in insiders(incident)[:MOST_TOLD]]


def _told(incident: Incident, workplace: Workplace, who: str, lines: list[str]) -> Surface:
    here = "Until then it is walked here, by you." if who == incident.keeper else ""
    where = here or f"Until then {person(incident.keeper)} walks it in direct messages."
    content = message(f"{incident.key} is private and has no channel", [
        section([lines[0], f"{where} {link(page(incident, workplace), 'Its page')}", lines[1]]),
        actions([button("I'm on it", "incident.ack", value(incident))]),
    ])  # fmt: skip
    return Surface(key=in_generation(f"direct:{who}", incident.moves), kind="message", content=content, place=who)


def settled(incident: Incident, wanted: Iterable[Surface]) -> list[Surface]:
    """What lives with the incident, where it lives now and under the names that it has there."""
    drawn = list(wanted)
    if incident.place == "direct":
        there = {s.key for s in drawn if s.place == INCIDENT}
        drawn = [_sent_to(incident.keeper, s, there) for s in drawn if s.place != INCIDENT or incident.keeper]
    if not incident.generation:
        return drawn
    moved = {s.key for s in drawn if s.place in (INCIDENT, incident.keeper) and "@" not in s.key}
    return [_renamed(surface, moved, incident.generation) for surface in drawn]


def _sent_to(keeper: str, surface: Surface, there: set[str]) -> Surface:
    if surface.place != INCIDENT:
        return surface
    return replace(surface, place=keeper, needs=tuple(key for key in surface.needs if key in there))


def _renamed(surface: Surface, moved: set[str], moves: int) -> Surface:
    def name(key: str) -> str:
        return in_generation(key, moves) if key in moved else key

    content = surface.content
    if surface.kind == "pin":
        content = {**content, "message": name(content["message"])}
    return replace(surface, key=name(surface.key), needs=tuple(map(name, surface.needs)), content=content)


def left_behind(incident: Incident) -> list[Surface]:
    """What the public places say that it left; ``emptied`` stands for everything that was posted there."""
    if not incident.moves:
        return []
    gone = ":lock: This went on in a private channel."
    content = {**message(gone, [section([gone])]), "topic": f"{incident.key} went on in a private channel"}
    last = incident.fled[-1] if incident.fled else ""
    told = [_went_on(incident, channel) for channel in incident.fled]
    names = [
        Surface(
            key=f"renamed:{channel}", kind="name", content={"name": f"inc-{incident.number}-moved"}, place=channel,
            live=False,
        )
        for channel in incident.fled
    ]  # fmt: skip
    emptied = Surface(key=in_generation("emptied", incident.generation), kind="emptied", content=content, place=last)
    return [*told, *names, emptied]


def _went_on(incident: Incident, channel: str) -> Surface:
    who = person(incident.lead) if incident.lead else "whoever leads"
    line = f":lock: {incident.key} goes on in a private channel. Ask {who} to invite you."
    return Surface(key=f"fled:{channel}", kind="message", content=message(line, [section([line])]), place=channel)
