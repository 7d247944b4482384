"""Who may read of the incident, and what may be erased of it."""

from __future__ import annotations

from bot.incidents.commands.command import Command


class MakePrivate(Command, frozen=True):
    """Only those in a private channel read of it from now on."""

    reason: str = ""


class SetHold(Command, frozen=True):
    """``on``: nothing of the incident may be erased, redacted or archived."""

    on: bool
    reason: str = ""
