"""What can be asked about hearing an incident's alerts."""

from __future__ import annotations

from bot.incidents.commands.command import Command
from bot.incidents.events.silences import Silenced


class SilenceAlerts(Command, frozen=True):
    """Silences these alerts for so many seconds. They are filled in where alerts and connectors are known."""

    seconds: float
    alerts: tuple[Silenced, ...] = ()
    connectors: tuple[str, ...] = ()


class LiftSilences(Command, frozen=True):
    """Hears the incident's alerts again."""
