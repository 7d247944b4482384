"""Server-sent events: which parts of a page are out of date.

A change becomes names such as ``message:C1:1700000000.000100``; an element says in ``data-live`` which name it
draws, and the page's script redraws just that.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import msgspec

from bot.sandbox.page.behind import PANEL
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Message, SlackSays

EVERYTHING = "*"
"""The name of all parts of a page."""
RESTARTED = "restarted"
"""Said instead of names when the page was drawn by another run: whatever it shows may not exist any more."""

_MESSAGES = frozenset({"message", "message_changed", "message_deleted", "reaction_added", "reaction_removed"})
_VIEWS = frozenset({"view_opened", "view_changed", "view_closed"})
_RELOADS = frozenset({"channel_archive", "channel_unarchive", "channel_deleted"})


def _message_names(change: Change, message: Message | None, me: str) -> list[str]:
    itself = f"message:{change.channel}:{change.ts}"
    if message is None:
        parent = change.before.thread_ts if change.before else ""
        return [itself, f"message:{change.channel}:{parent}"] if parent else [itself]
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
    if change.kind == "home":
        return ["home"] if change.user == me else []
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


class ToOne(msgspec.Struct, frozen=True):
    """A name that is news to one person only."""

    me: str
    name: str


News = Change | ToOne | str


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """Whose page listens, and whether it shows the panel."""

    me: str
    behind: bool = False


class Feed:
    """The last changes, numbered, so that a page learns what happened while it was not listening.

    A mark says up to where a page knows; it names the feed too, for after a restart the numbers begin again.
    """

    def __init__(self, workspace: Workspace, most: int = 2000) -> None:
        self._workspace = workspace
        self._name = workspace.stamps.ts()
        self._last = 0
        self._news: deque[News] = deque(maxlen=most)
        self._alarms: set[asyncio.Event] = set()
        workspace.changes.listen(self._keep)

    def say(self, name: str) -> None:
        """What carries this name in ``data-live`` is out of date on every page that shows it."""
        self._keep(name)

    def tell(self, me: str, name: str) -> None:
        """As ``say``, on the pages of one person."""
        self._keep(ToOne(me, name))

    def _keep(self, news: News) -> None:
        self._last += 1
        self._news.append(news)
        for alarm in self._alarms:
            alarm.set()

    @contextmanager
    def alarm(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is news, while the block lasts."""
        made = asyncio.Event()
        self._alarms.add(made)
        try:
            yield made
        finally:
            self._alarms.discard(made)

    @property
    def mark(self) -> str:
        """Where the feed is now."""
        return f"{self._name}-{self._last}"

    def since(self, mark: str, to: Listener) -> list[str]:
        """What became stale on ``to``'s page after ``mark``.

        ``*``, everything, if nobody can say any more; ``restarted`` if the mark is another run's.
        """
        name, _, number = mark.partition("-")
        if not number.isdecimal():
            return [EVERYTHING]
        if name != self._name:
            return [RESTARTED]
        missed = self._last - int(number)
        if missed > len(self._news):
            return [EVERYTHING]
        latest = list(islice(reversed(self._news), max(missed, 0)))
        return list(dict.fromkeys(stale for news in reversed(latest) for stale in self._names(news, to)))

    def _names(self, news: News, to: Listener) -> list[str]:
        if isinstance(news, Change):
            return names_of(news, self._workspace, to.me)
        if isinstance(news, ToOne):
            return [news.name] if news.me == to.me else []
        return [news] if to.behind or not news.startswith(PANEL) else []


async def events(
    feed: Feed,
    *,
    to: Listener,
    mark: str,
    sidebar: Callable[[], object] | None = None,
    silence: float = 15.0,
    pause: float = 0.1,
) -> AsyncIterator[str]:
    """An endless stream for one page that knows the workspace up to ``mark``: a burst of changes is one event.

    The first change is told at once, what follows within ``pause`` seconds is told together. ``sidebar`` gives what
    the sidebar shows: as long as that stays the same nobody is told to draw it again. A comment follows ``silence``
    seconds without any change, which keeps the connection open.
    """
    known: object = None
    with feed.alarm() as alarm:
        yield "retry: 1000\n\n"
        while True:
            alarm.clear()
            names, mark = feed.since(mark, to), feed.mark
            if sidebar is not None and "sidebar" in names:
                before, known = known, sidebar()
                names = [name for name in names if name != "sidebar" or known != before]
            yield f"id: {mark}\n" + (f"data: {json.dumps(names)}\n\n" if names else ": nothing for you\n\n")
            await asyncio.sleep(pause if names else 0)
            try:
                await asyncio.wait_for(alarm.wait(), silence)
            except TimeoutError:
                continue
