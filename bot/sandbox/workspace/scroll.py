"""One channel's messages in the order in which they were written, found by time without a search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from typing import Final

from bot.sandbox.workspace.values import Message

_NOTHING: Final[tuple[str, ...]] = ()
EARLIEST: Final = ""
LATEST: Final = "~"
"""Sorts after every timestamp, as ``EARLIEST`` sorts before it."""


class Scroll:
    """Messages by timestamp, which sort as text; replies stand in their threads, all others in ``top``."""

    def __init__(self) -> None:
        self.by_ts: dict[str, Message] = {}
        self._top: list[str] = []
        self._threads: dict[str, list[str]] = {}

    def put(self, message: Message) -> None:
        """The message is here, in place of the one with its timestamp if there was one."""
        if message.ts not in self.by_ts:
            insort(self._row(message), message.ts)
        self.by_ts[message.ts] = message

    def take_out(self, message: Message) -> None:
        """The message is gone."""
        del self.by_ts[message.ts]
        row = self._row(message)
        del row[bisect_left(row, message.ts)]
        if not row:
            self._threads.pop(message.thread_ts, None)

    def replies(self, parent: str) -> Sequence[str]:
        """The timestamps of a thread's replies, oldest first."""
        return self._threads.get(parent, _NOTHING)

    def top(self) -> list[Message]:
        """Everything that stands in the channel itself, oldest first."""
        return [self.by_ts[ts] for ts in self._top]

    def forward(self, *, after: str = EARLIEST, ends: bool = False) -> Iterator[Message]:
        """What stands in the channel itself, oldest first, from ``after`` on; ``ends`` counts it in."""
        begin = (bisect_left if ends else bisect_right)(self._top, after)
        for at in range(begin, len(self._top)):
            yield self.by_ts[self._top[at]]

    def backward(self, *, before: str = LATEST, ends: bool = False) -> Iterator[Message]:
        """The same, newest first, from ``before`` back."""
        end = (bisect_right if ends else bisect_left)(self._top, before)
        for at in range(end - 1, -1, -1):
            yield self.by_ts[self._top[at]]

    def _row(self, message: Message) -> list[str]:
        if not message.thread_ts:
            return self._top
        return self._threads.setdefault(message.thread_ts, [])


def as_ts(seconds: float) -> str:
    """Seconds since 1970 as a timestamp that sorts among the messages'."""
    return LATEST if seconds == float("inf") else f"{max(seconds, 0.0):017.6f}"
