"""The incident goes on beside another tool: in one thread of its channel; and what that tool says of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.incidents.events.event import Event


class AttachedToChannel(Event, frozen=True):
    """From now on the incident is walked in one thread of ``channel``, which somebody else opened.

    ``tool`` is whose channel it is ("incident.io"), empty if a person opened it or nobody knows; ``url`` leads to the
    incident there, which the tool holds for as severe as ``severity`` says, in our words.
    """

    channel: str
    name: str = ""
    tool: str = ""
    url: str = ""
    severity: str = ""


class MoveAsked(Event, frozen=True):
    """``channel`` is about this incident, too. As a person leads it, it is asked there whether it goes on there."""

    channel: str
    name: str = ""
    tool: str = ""
    url: str = ""


class MoveDeclined(Event, frozen=True):
    """It stays where it is: a person says so, or theirs is ``over``. In ``channel`` nobody is asked again."""

    channel: str
    over: bool = False


class ToldByTool(Event, frozen=True):
    """How the other tool's incident stood at ``said_at``, by the tool's clock.

    ``word`` is the tool's own for it ("resolved"); ``severity`` is ours for what it holds it for, empty if unknown.
    ``turned``: before that it stood otherwise, and people hear of it.
    """

    tool: str
    state: Literal["going", "over"]
    said_at: datetime
    word: str = ""
    severity: str = ""
    turned: bool = False


GuestEvent = AttachedToChannel | MoveAsked | MoveDeclined | ToldByTool
