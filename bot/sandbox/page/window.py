"""Which of a channel's many messages are drawn at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import msgspec

from bot.sandbox.workspace.values import Message

MOST = 60
"""How many messages a page shows before somebody asks for more."""
CAUGHT_UP = 200
"""How many new messages are added to an open page; after more it is drawn anew."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Messages ``start`` up to ``stop`` of all that somebody sees in a channel."""

    all: Sequence[Message]
    start: int
    stop: int

    @property
    def messages(self) -> Sequence[Message]:
        """The messages that are drawn, oldest first."""
        return self.all[self.start : self.stop]

    @property
    def earlier(self) -> int:
        """How many are not drawn because they are older."""
        return self.start

    @property
    def later(self) -> int:
        """How many are not drawn because they are newer."""
        return len(self.all) - self.stop


def _ts(message: Message) -> str:
    return message.ts


def latest(shown: Sequence[Message], *, most: int = MOST) -> Window:
    """The last ``most``."""
    return Window(all=shown, start=max(0, len(shown) - most), stop=len(shown))


def before(shown: Sequence[Message], ts: str, *, most: int = MOST) -> Window:
    """The last ``most`` that are older than ``ts``."""
    stop = bisect_left(shown, ts, key=_ts)
    return Window(all=shown, start=max(0, stop - most), stop=stop)


def after(shown: Sequence[Message], ts: str, *, most: int | None = None) -> Window:
    """The first ``most`` that are newer than ``ts``; None: all of them."""
    start = bisect_right(shown, ts, key=_ts)
    return Window(all=shown, start=start, stop=len(shown) if most is None else min(len(shown), start + most))


def around(shown: Sequence[Message], ts: str, *, most: int = MOST) -> Window:
    """``most`` messages with ``ts`` in their middle; the last ones where there are not enough newer ones."""
    middle = bisect_left(shown, ts, key=_ts)
    stop = min(len(shown), middle + most // 2)
    return Window(all=shown, start=max(0, stop - most), stop=stop)
