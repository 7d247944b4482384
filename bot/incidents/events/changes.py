"""What was changed while people worked on the incident."""

from __future__ import annotations

from bot.changes.change import Change
from bot.incidents.events.event import Event


class ChangeReported(Event, frozen=True):
    """The service, or what it depends on, was changed: since, or we were told too late for the step that asks."""

    change: Change
