"""Server-sent events: which parts of a page are out of date.

A change becomes names such as ``message:C1:1700000000.000100``; an element says in ``data-live`` which name it
draws, and the page's script redraws just that.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator

from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Message, SlackSays

EVERYTHING = "*"
"""The name of all parts of a page."""

_MESSAGES = frozenset({"message", "message_changed", "message_deleted", "reaction_added", "reaction_removed"})
_VIEWS = frozenset({"view_opened", "view_changed", "view_closed"})
_RELOADS = frozenset({"channel_archive", "channel_unarchive", "channel_deleted"})


def _message_names(change: Change, message: Message | None, me: str) -> list[str]:
    itself = f"message:{change.channel}:{change.ts}"
    if message is None:
        return [itself]
    if message.ephemeral_to not in ("", me):
        return []
    if change.kind != "message":
        return [itself]
    if message.thread_ts:
        return [f"thread:{change.channel}:{message.thread_ts}", f"message:{change.channel}:{message.thread_ts}"]
    return [f"list:{change.channel}", "sidebar"]


def names_of(change: Change, workspace: Workspace, me: str) -> list[str]:
    """The parts of ``me``'s page that the change makes stale, none if it is none of their business."""
    if change.kind in _VIEWS:
        return ["views"] if change.user == me else []
    if change.kind in _MESSAGES:
        try:
            message = workspace.messages.get(change.channel, change.ts)
        except SlackSays:
            message = None
        return _message_names(change, message, me)
    if change.kind in _RELOADS:
        return ["sidebar", f"reload:{change.channel}"]
    if change.kind == "pins":
        pins = [pin for channel in workspace.channels.all() if channel.id == change.channel for pin in channel.pins]
        return [f"head:{change.channel}", *(f"message:{change.channel}:{ts}" for ts in pins)]
    if change.channel:
        return ["sidebar", f"head:{change.channel}"]
    return []


class Feed:
    """The last changes, numbered, so that a page learns what happened while it was not listening.

    A mark says up to where a page knows; it names the feed too, for after a restart the numbers begin again.
    """

    def __init__(self, workspace: Workspace, most: int = 2000) -> None:
        self._workspace = workspace
        self._name = workspace.stamps.ts()
        self._last = 0
        self._changes: deque[tuple[int, Change]] = deque(maxlen=most)
        workspace.changes.listen(self._keep)

    def _keep(self, change: Change) -> None:
        self._last += 1
        self._changes.append((self._last, change))

    @property
    def mark(self) -> str:
        """Where the feed is now."""
        return f"{self._name}-{self._last}"

    def since(self, mark: str, me: str) -> list[str]:
        """What became stale on ``me``'s page after ``mark``; ``*``, everything, if nobody can say any more."""
        name, _, number = mark.partition("-")
        oldest = self._changes[0][0] if self._changes else self._last + 1
        if name != self._name or not number.isdecimal() or int(number) < oldest - 1:
            return [EVERYTHING]
        missed = [change for at, change in self._changes if at > int(number)]
        names = [stale for change in missed for stale in names_of(change, self._workspace, me)]
        return list(dict.fromkeys(names))


async def events(
    workspace: Workspace, feed: Feed, *, me: str, mark: str, silence: float = 15.0
) -> AsyncIterator[str]:
    """An endless stream for one page that knows the workspace up to ``mark``: a burst of changes is one event.

    A comment follows ``silence`` seconds without any change, which keeps the connection open.
    """
    with workspace.subscribe() as alarm:
        yield "retry: 1000\n\n"
        while True:
            names, mark = feed.since(mark, me), feed.mark
            yield f"id: {mark}\n" + (f"data: {json.dumps(names)}\n\n" if names else ": nothing for you\n\n")
            try:
                await asyncio.wait_for(alarm.get(), silence)
            except TimeoutError:
                continue
            while not alarm.empty():
                alarm.get_nowait()
