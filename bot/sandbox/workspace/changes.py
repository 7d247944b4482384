"""Who is told when something in the workspace changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from bot.sandbox.workspace.values import Message


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that changed.

    Kinds: ``message message_changed message_deleted reaction_added reaction_removed member_joined
    member_left channel_created channel_changed channel_archive channel_unarchive channel_deleted pins
    bookmarks file_shared view_opened view_changed view_closed home home_opened user_added``. ``user`` is who
    did it; for ephemeral messages, views and homes it is who can see it. ``detail`` is the reaction's name, the
    file's or the view's id, the tab of a home, or which of name, topic and purpose a channel changed.
    ``before`` is what a changed or deleted message was.
    """

    kind: str
    channel: str = ""
    ts: str = ""
    user: str = ""
    detail: str = ""
    before: Message | None = None


class Changes:
    """Tells listeners at once, in the order in which they came, and fills the queues of subscribers."""

    def __init__(self) -> None:
        self._listeners: dict[int, Callable[[Change], None]] = {}
        self._next = 0

    def publish(self, change: Change) -> None:
        """Every listener has been called when this returns."""
        for listener in tuple(self._listeners.values()):
            listener(change)

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` from now on, until the returned function is called."""
        key = self._next
        self._next += 1
        self._listeners[key] = listener

        def leave() -> None:
            self._listeners.pop(key, None)

        return leave

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue that receives every change while the block lasts."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        leave = self.listen(queue.put_nowait)
        try:
            yield queue
        finally:
            leave()
