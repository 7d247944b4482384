"""What changes when the incident goes on in a channel of somebody else."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.beside import AskedInto, Theirs, Turn
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


def _attached(head: Incident, event: ev.AttachedToChannel, _: ev.Entry) -> Changes:
    """Whoever was only told of it so far has opened it by this; where it lived before is remembered."""
    if head.place == "guest" and head.channel == event.channel:
        return {"asked_again": head.asked_again + 1}
    lived = () if head.place == "channel" and not head.channel else (head.channel,)
    return {
        "place": "guest", "channel": event.channel, "channel_name": event.name, "left": (*head.left, *lived),
        "home": head.home or (head.channel if head.place == "channel" else ""), "asked_again": 0,
        "tool": event.tool, "tool_url": event.url, "theirs": Theirs(severity=event.severity),
        "status": "open" if head.status == "triage" else head.status,
    }  # fmt: skip


def _asked(head: Incident, event: ev.MoveAsked, _: ev.Entry) -> Changes:
    into = AskedInto(channel=event.channel, name=event.name, tool=event.tool, url=event.url)
    return {"asked_into": (*head.asked_into, into)}


def _declined(head: Incident, event: ev.MoveDeclined, entry: ev.Entry) -> Changes:
    said = (replace(one, declined_by=entry.by) if one.channel == event.channel else one for one in head.asked_into)
    return {"asked_into": tuple(said)}


def _told(head: Incident, event: ev.ToldByTool, _: ev.Entry) -> Changes:
    known = head.theirs
    turns = known.turns
    if event.turned:
        turns = (*turns, Turn(state=event.state, at=event.said_at, word=event.word))
    severity = event.severity or known.severity
    theirs = Theirs(state=event.state, said_at=event.said_at, severity=severity, turns=turns)
    return {"theirs": theirs, "tool": head.tool or event.tool}  # by the channel's name nobody knew whose it is


CHANGES: Table = {
    ev.AttachedToChannel: _attached, ev.MoveAsked: _asked, ev.MoveDeclined: _declined, ev.ToldByTool: _told,
}  # fmt: skip
