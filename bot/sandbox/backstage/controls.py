"""What the strip asks of the demo: which story plays, and how its time runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

RATES: Final = (1, 60, 3600)
"""How many seconds of the demo may pass in one of the machine's."""


class Controls(Protocol):
    """The demo's director. Times are aware; nothing here is called from another thread."""

    @property
    def scenarios(self) -> Mapping[str, str]:
        """What can be played: a name, and one sentence that says what goes wrong."""
        ...

    def scenario(self) -> str:
        """The name of the one that plays."""
        ...

    def touched(self) -> bool:
        """Whether somebody did something by now that would be lost if everything began anew."""
        ...

    async def play(self, scenario: str) -> None:
        """Everything has begun anew: workspace, bot and world, at one times speed. ``KeyError`` for an unknown name.

        It is called in a task of its own, which outlives the request that asked for it.
        """
        ...

    def now(self) -> datetime:
        """What time it is in the demo."""
        ...

    def ahead(self) -> timedelta:
        """How far the demo's clock is ahead of the machine's."""
        ...

    def rate(self) -> int:
        """One of ``RATES``."""
        ...

    def set_rate(self, rate: int) -> None:
        """Time runs like this from now on. ``ValueError`` for what is not in ``RATES``."""
        ...

    async def step(self, seconds: float) -> None:
        """Time has jumped ahead by ``seconds``, and the bot has done what became due meanwhile."""
        ...

    async def step_to_next(self) -> datetime | None:
        """Time has jumped to the next moment at which bot or world has something to do; None if there is none."""
        ...

    async def story(self) -> str:
        """What was done so far, as the text of a scenario test."""
        ...
