"""What can be asked about the channels of others."""

from __future__ import annotations

from bot.incidents.commands.command import Command


class AttachToChannel(Command, frozen=True):
    """Walks the incident in one thread of ``channel``; ``private``: only its members can read it."""

    channel: str
    name: str = ""
    private: bool = False
    tool: str = ""
    url: str = ""
