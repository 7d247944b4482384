"""Going on beside another tool, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev


def _attached(event: ev.AttachedToChannel) -> str:
    whose = f" of {event.tool}" if event.tool else ""
    return f"goes on in a thread of #{event.name or event.channel}, a channel{whose or ' of somebody else'}"


def _asked(event: ev.MoveAsked) -> str:
    whose = f", {event.tool}'s channel" if event.tool else ""
    return f"asked in #{event.name or event.channel}{whose} whether this goes on there; somebody leads it here"


def _told(event: ev.ToldByTool) -> str:
    """Nothing of an update that says what was known."""
    if not event.turned:
        return ""
    if event.state == "going":
        return "says that its incident goes on again"
    return f"says that its incident is {event.word or 'over'}; whether this one is, a person says"


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.AttachedToChannel: _attached,
    ev.MoveAsked: _asked,
    ev.MoveDeclined: lambda e: (
        "says that its incident is over; this one stays" if e.over else "leaves it where it is"
    ),
    ev.ToldByTool: _told,
}
