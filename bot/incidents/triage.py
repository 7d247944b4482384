"""What the head knows of an incident that began in triage."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.acting import State


class Triage(State, frozen=True):
    """``since`` is when its first alert came; ``arrivals`` are (when, how many) of those that are still counted.

    ``rounds`` is how often it was announced again after a mute. ``opened_at`` None: nobody has opened it yet, and
    perhaps nobody will.
    """

    since: datetime
    announced: bool = True
    count: int = 0
    within: float = 0.0
    window: float = 1800.0
    arrivals: tuple[tuple[datetime, int], ...] = ()
    rounds: int = 0
    dismissed_by: str = ""
    dismissed_at: datetime | None = None
    muted_until: datetime | None = None
    mute: int = 0
    opened_at: datetime | None = None
    opened_by: str = ""

    @property
    def arrived(self) -> int:
        """How many alerts began within the time that counts, as of the last one."""
        return sum(count for _, count in self.arrivals)

    @property
    def keeps(self) -> float:
        """For how many seconds after its last alert others may join, and it may come back."""
        return max(self.window, self.within)
