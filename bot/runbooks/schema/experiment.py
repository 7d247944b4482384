"""An experiment on a service's users."""

from __future__ import annotations

from datetime import datetime

from bot.runbooks.schema.values import Value


class Experiment(Value, frozen=True):
    """It runs from ``since`` to before ``until``; without them it has always run, or runs until somebody says."""

    name: str
    since: datetime | None = None
    until: datetime | None = None
    url: str = ""

    def runs_at(self, moment: datetime) -> bool:
        """Whether it ran then."""
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)
