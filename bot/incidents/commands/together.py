"""What can be asked about an incident's alerts together."""

from __future__ import annotations

from bot.incidents.commands.command import Command


class KeepOpen(Command, frozen=True):
    """Says that it is not over, although no alert fires any more."""
