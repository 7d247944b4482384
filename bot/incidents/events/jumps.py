"""Whether what was released shows in what is measured."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.events.event import Event


class JumpTested(Event, frozen=True):
    """Whether the measurement jumped when ``version`` was released; ``because`` is the sentence, empty if unknown.

    ``difference`` with its 95 % interval, from ``n`` points that are worth ``effective_n`` independent ones. None:
    it could not be told. ``again_at``: labels and windows had no time to change yet, so it is tested then.
    """

    step: str
    version: str = ""
    because: str = ""
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    effective_n: float = 0.0
    method: str = ""
    again_at: datetime | None = None
