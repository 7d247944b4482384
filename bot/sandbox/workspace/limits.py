"""How often an app may call each method, as Slack limits it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

_PER_MINUTE: Final = {1: 1, 2: 20, 3: 50, 4: 100}
_TIERS: Final[dict[int, str]] = {
    2: "conversations.create conversations.setTopic conversations.setPurpose conversations.archive "
    "conversations.unarchive conversations.rename conversations.list conversations.close pins.add pins.remove "
    "pins.list bookmarks.add bookmarks.edit bookmarks.remove users.list usergroups.list usergroups.users.list "
    "reactions.remove emoji.list",
    3: "conversations.invite conversations.join conversations.kick conversations.leave conversations.info "
    "conversations.history conversations.replies conversations.open users.conversations users.lookupByEmail "
    "users.getPresence chat.update chat.delete bookmarks.list reactions.add reactions.get team.info bots.info "
    "files.delete apps.connections.open blocks.validate",
    4: "conversations.members chat.postEphemeral views.open views.update views.push views.publish users.info "
    "files.getUploadURLExternal files.completeUploadExternal files.info api.test",
}
# Slack calls these special: hundreds a minute.
_SPECIAL: Final = 600
# One message a second in a channel; short bursts pass. A workspace takes several hundred messages a minute.
_BURST: Final = 4
_POSTS_PER_MINUTE: Final = 300
_WINDOW: Final = 60.0
_POST: Final = "chat.postMessage"


class Standing(NamedTuple):
    """How much of a method's limit is used: ``used`` of ``allowed`` calls in the last ``window`` seconds."""

    used: int
    allowed: int
    window: float


class Limits:
    """Counts the calls that were let through. ``on`` switches it off and on."""

    def __init__(self, clock: Callable[[], datetime], *, on: bool = True) -> None:
        self.on = on
        self._clock = clock
        self._tier = {method: tier for tier, methods in _TIERS.items() for method in methods.split()}
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def methods(self) -> frozenset[str]:
        """The methods that have a tier of their own."""
        return frozenset(self._tier)

    def allowed(self, method: str) -> int:
        """How many calls of the method a minute are let through."""
        if method == _POST:
            return _POSTS_PER_MINUTE
        return _PER_MINUTE[self._tier[method]] if method in self._tier else _SPECIAL

    def standing(self, method: str) -> Standing:
        """How much of the method's limit is used now; asking uses nothing."""
        calls = self._calls.get(method, ())
        old = bisect_right(calls, self._clock().timestamp() - _WINDOW)
        return Standing(used=len(calls) - old, allowed=self.allowed(method), window=_WINDOW)

    def wait(self, method: str, *, channel: str = "") -> int:
        """0 and the call counts, or the whole seconds after which it would be let through."""
        now = self._clock().timestamp()
        recent = self._calls.setdefault(method, deque())
        while recent and recent[0] <= now - _WINDOW:
            recent.popleft()
        seconds = self._wait(method, channel, now=now, recent=recent) if self.on else 0.0
        if seconds > 0:
            return max(1, math.ceil(seconds))
        recent.append(now)
        if method == _POST:
            self._take(channel, now)
        return 0

    def _wait(self, method: str, channel: str, *, now: float, recent: deque[float]) -> float:
        seconds = recent[0] + _WINDOW - now if len(recent) >= self.allowed(method) else 0.0
        return max(seconds, 1.0 - self._left(channel, now)) if method == _POST else seconds

    def _left(self, channel: str, now: float) -> float:
        left, at = self._buckets.get(channel, (float(_BURST), now))
        return min(float(_BURST), left + now - at)

    def _take(self, channel: str, now: float) -> None:
        self._buckets[channel] = (max(0.0, self._left(channel, now) - 1.0), now)
