"""Where the sandbox's time, ids and timestamps come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime


class Stamps:
    """Ids, unique by their number, and timestamps, which increase even when the clock stands still."""

    def __init__(self, *, clock: Callable[[], datetime], ids: Iterator[int]) -> None:
        self._clock = clock
        self._ids = ids
        self._last = 0

    def now(self) -> datetime:
        """The sandbox's time."""
        return self._clock()

    def id(self, prefix: str) -> str:
        """A new id in Slack's shape: ``C`` gives ``C00000001A``."""
        return prefix + format(next(self._ids), "09X")

    def ts(self) -> str:
        """A new message timestamp: seconds, a dot, six digits; later than every one before."""
        self._last = max(round(self.now().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
