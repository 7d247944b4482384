"""What can be asked about the channels of others."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.incidents.commands.command import Command


class AttachToChannel(Command, frozen=True):
    """Walks the incident in one thread of ``channel``; ``private``: only its members can read it."""

    channel: str
    name: str = ""
    private: bool = False
    tool: str = ""
    url: str = ""
    severity: str = ""


class AskToMove(Command, frozen=True):
    """Asks in ``channel``, which is about the incident, too, whether it goes on there."""

    channel: str
    name: str = ""
    tool: str = ""
    url: str = ""


class StayHere(Command, frozen=True):
    """Says that the incident does not go on in ``channel``."""

    channel: str


class HearTool(Command, frozen=True):
    """Says how the other tool's incident stood at ``said_at``; ``severity`` is in our words, or empty.

    ``channel`` is the one of theirs; empty: it is known otherwise that ours goes along with it.
    """

    tool: str
    state: Literal["going", "over"]
    said_at: datetime
    word: str = ""
    severity: str = ""
    channel: str = ""
