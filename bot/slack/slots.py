"""When a call may be made: Slack's tiers, one post a second in a channel, and what a 429 said.

Who waits is served by rank, not by arrival. Nobody waits here for longer than ``patience``: whoever would have to is
told how long it takes, so that it can do something else meanwhile.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.clock import Clock
from bot.errors import SlackLimited

#: severity first, then age: what sorts lower goes first
Rank = tuple[int, ...]

#: calls a minute that Slack grants a method in one workspace, by its tier
TIERS: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}

_TIER_OF: Mapping[str, int] = {
    "conversations.create": 2, "conversations.setTopic": 2, "conversations.archive": 2, "conversations.list": 2,
    "pins.add": 2, "bookmarks.add": 2, "users.list": 2,
    "files.getUploadURLExternal": 4, "files.completeUploadExternal": 4,
    "users.info": 4, "chat.postEphemeral": 4, "views.open": 4, "views.update": 4, "views.publish": 4,
}  # fmt: skip
_USUAL_TIER = 3

POSTS = "chat.postMessage"
POSTS_A_MINUTE = 300
POSTS_A_SECOND_IN_A_CHANNEL = 1.0
BURST_IN_A_CHANNEL = 3

#: of what a method is granted, this part is kept for SEV1: a storm of lesser incidents does not use it up
KEPT_FOR_SEV1 = 0.2
#: a rest of a call that is smaller than this is none: time is counted in microseconds
_NOTHING = 1e-4


class Bucket:
    """Holds up to ``size`` calls and regains ``rate`` of them a second; it starts full."""

    def __init__(self, size: int, rate: float) -> None:
        self._size = size
        self._rate = rate
        self._level = float(size)
        self._at: datetime | None = None

    def wait(self, now: datetime, *, ahead: int = 0, kept: float = 0.0) -> float:
        """Seconds until a call may be made after ``ahead`` others, with the part ``kept`` of the size left over."""
        self._fill(now)
        missing = ahead + 1 + int(kept * self._size) - self._level
        return missing / self._rate if missing > _NOTHING else 0.0

    def is_full(self, now: datetime) -> bool:
        """Whether it is as if it had never been used."""
        self._fill(now)
        return self._level >= self._size

    def take(self, now: datetime) -> None:
        """One call is made."""
        self._fill(now)
        self._level -= 1

    def _fill(self, now: datetime) -> None:
        if self._at is not None:
            gained = max(0.0, (now - self._at).total_seconds()) * self._rate
            self._level = min(float(self._size), self._level + gained)
        self._at = now


class Slots:
    """Hands out slots for calls; one for all incidents of the process."""

    def __init__(self, *, clock: Clock, sleep: Callable[[float], Awaitable[None]], patience: float = 2.0) -> None:
        self._clock = clock
        self._sleep = sleep
        self._patience = patience
        self._order = itertools.count()
        self._waiting: dict[str, list[tuple[Rank, int]]] = defaultdict(list)
        self._closed: dict[str, datetime] = {}
        self._methods: dict[str, Bucket] = {}
        self._channels: dict[str, Bucket] = defaultdict(
            lambda: Bucket(BURST_IN_A_CHANNEL, POSTS_A_SECOND_IN_A_CHANNEL)
        )

    def close(self, method: str, until: datetime) -> None:
        """Slack does not listen to the method before ``until``."""
        self._closed[method] = max(until, self._closed.get(method, until))

    async def take(self, method: str, *, channel: str | None, rank: Rank) -> None:
        """Returns when the call may be made. Raises ``SlackLimited`` if that takes longer than the patience."""
        ticket = (rank, next(self._order))
        waiting = self._waiting[method]
        waiting.append(ticket)
        try:
            while (wait := self._wait(method, channel, ticket)) > 0:
                if wait > self._patience:
                    raise SlackLimited(method, wait)
                await self._sleep(wait)
            now = self._clock.now()
            self._bucket(method).take(now)
            if channel and method == POSTS:
                self._forget_quiet_channels(now)
                self._channels[channel].take(now)
        finally:
            waiting.remove(ticket)

    def _forget_quiet_channels(self, now: datetime) -> None:
        for channel in [channel for channel, bucket in self._channels.items() if bucket.is_full(now)]:
            del self._channels[channel]

    def _wait(self, method: str, channel: str | None, ticket: tuple[Rank, int]) -> float:
        now = self._clock.now()
        ahead = sum(other < ticket for other in self._waiting[method])
        rank, _ = ticket
        kept = KEPT_FOR_SEV1 if rank and rank[0] > 0 else 0.0
        waits = [self._bucket(method).wait(now, ahead=ahead, kept=kept)]
        if channel and method == POSTS:
            waits.append(self._channels[channel].wait(now))
        if method in self._closed:
            waits.append((self._closed[method] - now).total_seconds())
        return max(waits)

    def _bucket(self, method: str) -> Bucket:
        if method not in self._methods:
            a_minute = POSTS_A_MINUTE if method == POSTS else TIERS[_TIER_OF.get(method, _USUAL_TIER)]
            self._methods[method] = Bucket(a_minute, a_minute / 60)
        return self._methods[method]
