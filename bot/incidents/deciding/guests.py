"""Whether an incident may go on in a channel of somebody else, and what it makes of what that tool says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.beside import MOST_ASKED, MOST_TURNS
from bot.incidents.commands.guests import AskToMove, AttachToChannel, HearTool, StayHere
from bot.incidents.fold import worse
from bot.incidents.guests import refused_there
from bot.incidents.incident import Incident

Events = tuple[ev.AnyEvent, ...]

#: how long after it was said last that all is as it was is worth an entry
_NOW_AND_THEN, _NONE = timedelta(minutes=5), timedelta(0)


def attach(incident: Incident, command: AttachToChannel, _: str, __: datetime) -> Events:
    """It moves there, unless it is over, there already, or would be read by more people than it should."""
    if incident.status not in ("open", "triage"):
        over = "it goes on as another incident" if incident.status == "merged" else "reopen it first"
        raise Refused("incident_over", f"{incident.key} is {incident.status}; {over}.")
    if incident.channel == command.channel and not refused_there(incident):
        raise Refused("already", f"{incident.key} is walked here already.")
    if incident.private and not command.private:
        why = f"{incident.key} is private, and everybody can read this channel. Attach it in a private one."
        raise Refused("would_be_public", why)
    moved = ev.AttachedToChannel(
        channel=command.channel, name=command.name[:80], tool=command.tool[:60], url=command.url[:1500],
        severity=command.severity,
    )  # fmt: skip
    return (moved, *_raised(incident, command.severity, command.tool))


def ask(incident: Incident, command: AskToMove, _: str, __: datetime) -> Events:
    """It is asked there, once; what is private is asked about nowhere."""
    asked = {one.channel for one in incident.asked_into} | {incident.channel}
    if incident.private or command.channel in asked or len(incident.asked_into) >= MOST_ASKED:
        return ()
    tool, url = command.tool[:60], command.url[:1500]
    return (ev.MoveAsked(channel=command.channel, name=command.name[:80], tool=tool, url=url),)


def stay(incident: Incident, command: StayHere, _: str, __: datetime) -> Events:
    """It stays, and nobody asks again."""
    asked = next((one for one in incident.asked_into if one.channel == command.channel), None)
    if asked is None or incident.channel == command.channel:
        raise Refused("nothing_asked", f"{incident.key} is not asked to go on there; nothing was changed.")
    if asked.declined_by:
        raise Refused("already", f"<@{asked.declined_by}> said so already.")
    return (ev.MoveDeclined(channel=command.channel),)


def hear(incident: Incident, command: HearTool, _: str, now: datetime) -> Events:
    """What the tool said is remembered; what comes late is older than that, and left out.

    It never ends ours, and never makes it less severe; a severity that the tool has said before raises nothing again.
    That all is as it was is remembered now and then: some tools tell of every message in their channel.
    """
    if command.channel not in ("", incident.channel):
        return _called_off(incident, command)
    known, said_at, last = incident.theirs, min(command.said_at, now), incident.theirs.said_at
    severity = command.severity if command.state == "going" else ""
    same = command.state == known.state and severity in ("", known.severity)
    if incident.place != "guest" or (last is not None and said_at < last + (_NOW_AND_THEN if same else _NONE)):
        return ()
    told = ev.ToldByTool(
        tool=command.tool[:60], state=command.state, said_at=said_at, word=command.word[:60], severity=severity,
        turned=command.state != known.state and len(known.turns) < MOST_TURNS,
    )  # fmt: skip
    return (told, *_raised(incident, severity if severity != known.severity else "", command.tool))


def _called_off(incident: Incident, command: HearTool) -> Events:
    """Where it was only asked to go on: there is nothing to go on beside any more."""
    waits = any(one.channel == command.channel and not one.declined_by for one in incident.asked_into)
    over = waits and command.state == "over"
    return (ev.MoveDeclined(channel=command.channel, over=True),) if over else ()


def _raised(incident: Incident, severity: str, tool: str) -> Events:
    """Ours becomes as severe as theirs, as long as it goes on."""
    if not severity or incident.status not in ("open", "triage") or severity == incident.severity:
        return ()
    if worse(severity, incident.severity) != severity:
        return ()
    return (
        ev.SeverityChanged(severity=severity, reason=f"as severe as the incident of {tool[:60] or 'the other tool'}"),
    )


RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {
    AttachToChannel: attach, AskToMove: ask, StayHere: stay, HearTool: hear,
}  # fmt: skip
