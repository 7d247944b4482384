"""Server-sent events: which parts of a page are out of date.

A change becomes names such as ``message:C1:1700000000.000100``; an element says in ``data-live`` which name it
draws, and the page's script redraws just that.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Message, SlackSays

_SILENCE = 15.0
"""Seconds after which a comment keeps the connection open."""

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
        pins = workspace.channels.get(change.channel).pins
        return [f"head:{change.channel}", *(f"message:{change.channel}:{ts}" for ts in pins)]
    if change.channel:
        return ["sidebar", f"head:{change.channel}"]
    return []


def _event(names: list[str]) -> str:
    return f"data: {json.dumps(list(dict.fromkeys(names)))}\n\n"


async def events(workspace: Workspace, me: str, silence: float = _SILENCE) -> AsyncIterator[str]:
    """An endless stream for one page: at once a greeting, then the names of what changed, a burst as one event."""
    with workspace.subscribe() as queue:
        yield "retry: 1000\n\n: listening\n\n"
        while True:
            names: list[str] = []
            try:
                change = await asyncio.wait_for(queue.get(), silence)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            names += names_of(change, workspace, me)
            with contextlib.suppress(asyncio.QueueEmpty):
                while True:
                    names += names_of(queue.get_nowait(), workspace, me)
            if names:
                yield _event(names)
