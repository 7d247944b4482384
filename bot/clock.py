"""What time it is: an argument of everything that needs it, so that tests can choose.

Times are aware and in UTC. On PostgreSQL with the ``SystemClock`` the time of a transaction is the database's, so
that replicas agree about whose lease is over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime:
        """The time now."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, to the microsecond."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Goes on by ``seconds`` (less than 0: back, as a corrected clock does); returns the new time."""
        self._now += timedelta(seconds=seconds)
        return self._now
