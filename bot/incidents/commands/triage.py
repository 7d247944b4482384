"""What can be asked of an incident that nobody has opened yet."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.commands.command import Command


class OpenTriage(Command, frozen=True):
    """Opens it. ``anyway``: also if its alerts are over."""

    anyway: bool = False


class DismissTriage(Command, frozen=True):
    """Not now. ``muted_until`` and ``mute``: such alerts are kept quiet until then, by that mute."""

    muted_until: datetime | None = None
    mute: int = 0


class RenewTriage(Command, frozen=True):
    """The mute was ended before its time: it is announced once more."""
