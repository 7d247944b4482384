"""How far the demo's time jumps, and when to look again: numbers in, numbers out.

At 60 and 3600 times speed nothing runs faster. What has not gone by is owed, and is jumped whenever everything rests,
no further than the next moment at which somebody has something to do. So whatever is done takes as long as in life.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

#: no more is owed than what so many real seconds bring: a pause to think is no leap of a night
PATIENCE = 1.0
#: time that people watch moves at least so often, in real seconds
TICK = 0.1
#: the world need not be looked at more often than this, in real seconds
GRAIN = 0.05


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """The next moments at which somebody has something to do; None: never, unless something happens.

    ``held``: the bot has taken an incident, and its lease must not run out by a jump.
    """

    bot: datetime | None = None
    world: datetime | None = None
    held: bool = False

    def after(self, now: datetime, *, grain: float) -> float | None:
        """Seconds until the first of them; the world's counts as ``grain`` seconds from now if it is earlier."""
        bot = None if self.bot is None else (self.bot - now).total_seconds()
        world = None if self.world is None else max(grain, (self.world - now).total_seconds())
        return min((left for left in (bot, world) if left is not None), default=None)

    def rests(self, now: datetime) -> bool:
        """Whether nobody has anything to do now."""
        return not self.held and not self.reached(now)

    def reached(self, now: datetime) -> bool:
        """Whether one of the moments has come."""
        return any(moment is not None and moment <= now for moment in (self.bot, self.world))


def grain(rate: int) -> float:
    """How many seconds of the demo the world may go on without a look at this rate."""
    return GRAIN * (rate - 1)


def owed(before: float, *, rate: int, passed: float) -> float:
    """Seconds of the demo that are owed once ``passed`` real seconds have gone by."""
    return min(before + (rate - 1) * passed, (rate - 1) * PATIENCE)


def stride(debt: float, *, to_next: float | None) -> float:
    """How far to jump now, while everything rests."""
    return max(0.0, debt if to_next is None else min(debt, to_next))


def pause(debt: float, *, rate: int, to_next: float | None) -> float:
    """Real seconds until there is reason to jump again, if nothing happens meanwhile."""
    if to_next is None:
        return TICK
    return min(TICK, max(0.0, to_next - debt) / rate)
