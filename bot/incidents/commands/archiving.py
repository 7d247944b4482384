"""What Slack tells of the incident's channel."""

from __future__ import annotations

from bot.incidents.commands.command import Command


class LoseChannel(Command, frozen=True):
    """Somebody archived or deleted the channel."""

    channel: str
