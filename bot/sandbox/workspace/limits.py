"""How often an app may call each method, as Slack limits it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

_PER_MINUTE: Final = {1: 1, 2: 20, 3: 50, 4: 100}
_TIERS: Final[dict[int, str]] = {
    2: "conversations.create conversations.setTopic conversations.setPurpose conversations.archive "
    "conversations.unarchive conversations.rename conversations.list pins.add pins.remove pins.list "
    "bookmarks.add bookmarks.edit bookmarks.remove users.list usergroups.list usergroups.users.list "
    "reactions.remove",
    3: "conversations.invite conversations.join conversations.kick conversations.info conversations.history "
    "conversations.replies conversations.open users.conversations users.lookupByEmail chat.update chat.delete "
    "bookmarks.list reactions.add reactions.get team.info apps.connections.open blocks.validate",
    4: "conversations.members chat.postEphemeral views.open views.update views.push views.publish users.info "
    "files.getUploadURLExternal files.completeUploadExternal files.info",
}
# Slack calls these special: hundreds a minute.
_SPECIAL: Final = 600
# One message a second in a channel; short bursts pass. A workspace takes several hundred messages a minute.
_BURST: Final = 4
_POSTS_PER_MINUTE: Final = 300
_WINDOW: Final = 60.0


class Limits:
    """Counts the calls that were let through. ``on`` switches it off and on."""

    def __init__(self, clock: Callable[[], datetime], *, on: bool = True) -> None:
        self.on = on
        self._clock = clock
        self._minute = {method: _PER_MINUTE[tier] for tier, methods in _TIERS.items() for method in methods.split()}
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def methods(self) -> frozenset[str]:
        """The methods that have a tier of their own."""
        return frozenset(self._minute)

    def allowed(self, method: str) -> int:
        """How many calls of the method a minute are let through."""
        return _POSTS_PER_MINUTE if method == "chat.postMessage" else self._minute.get(method, _SPECIAL)

    def wait(self, method: str, *, channel: str = "") -> int:
        """0 and the call counts, or the whole seconds after which it would be let through."""
        if not self.on:
            return 0
        now = self._clock().timestamp()
        posts = method == "chat.postMessage"
        most = self.allowed(method)
        recent = self._calls.setdefault(method, deque())
        while recent and recent[0] <= now - _WINDOW:
            recent.popleft()
        seconds = recent[0] + _WINDOW - now if len(recent) >= most else 0.0
        if posts:
            seconds = max(seconds, self._channel_wait(channel, now))
        if seconds > 0:
            return max(1, math.ceil(seconds))
        recent.append(now)
        if posts:
            self._take(channel, now)
        return 0

    def _channel_wait(self, channel: str, now: float) -> float:
        return max(0.0, 1.0 - self._left(channel, now))

    def _left(self, channel: str, now: float) -> float:
        left, at = self._buckets.get(channel, (float(_BURST), now))
        return min(float(_BURST), left + now - at)

    def _take(self, channel: str, now: float) -> None:
        self._buckets[channel] = (self._left(channel, now) - 1.0, now)
