"""Tells the bot what happened in the channels it is in, and again if it did not acknowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.sandbox.workspace import payloads
from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.acks import Delivery
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.shapes import message_json, view_json
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, Message

# Slack tries again at once, after a minute, and after five.
RETRIES: Final = (0.0, 60.0, 300.0)
_NEEDS: Final = {
    "message": "channels:history",
    "message_changed": "channels:history",
    "message_deleted": "channels:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined": "channels:read",
    "file_shared": "files:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_deleted": "channels:read",
}


class Events:
    """Listens to the workspace between ``start`` and ``stop``; what is set up before is told nobody."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        access: Access,
        delivery: Delivery,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._workspace = workspace
        self._access = access
        self._delivery = delivery
        self._pause = pause
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: Callable[[], None] = lambda: None

    def start(self) -> None:
        """From now on the bot is told, in the event loop that is running now."""
        self._loop = asyncio.get_running_loop()
        self._leave = self._workspace.changes.listen(self._hear)

    async def settled(self) -> None:
        """Every event so far has been acknowledged or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Nothing more is told."""
        self._leave()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, inner: Json) -> None:
        """Deliver one event; also for tests that tell the same thing twice."""
        event_id = self._workspace.stamps.id("Ev")
        self.deliver(payloads.event(self._workspace, inner, event_id=event_id))

    def deliver(self, payload: Json) -> None:
        """Deliver a whole ``event_callback``, with retries."""
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(self._deliver(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json) -> None:
        ack = await self._delivery.deliver("events_api", payload)
        for attempt, seconds in enumerate(RETRIES, start=1):
            if ack.ok or ack.no_retry:
                return
            await self._pause(seconds)
            ack = await self._delivery.deliver("events_api", payload, retry=attempt, reason=ack.reason)

    def _hear(self, change: Change) -> None:
        if change.kind == "home_opened":
            self.tell(_home_opened(self._workspace, change))
            return
        if change.kind not in _NEEDS:
            return
        channel = self._workspace.channels.get(change.channel)
        if not self._workspace.bot_is_in(channel):
            return
        if self._access.has(_NEEDS[change.kind], channel):
            inner = event_of(change, channel, self._workspace)
            if inner:
                self.tell(inner)


def event_of(change: Change, channel: Channel, workspace: Workspace) -> Json | None:
    """The event that Slack makes of a change; None for what it tells nobody."""
    stamp = workspace.stamps.ts()
    if change.kind in ("message", "message_changed"):
        message = workspace.messages.get(change.channel, change.ts)
        return _message(message, change, channel, workspace) if not message.ephemeral_to else None
    if change.kind == "message_deleted":
        before = change.before
        if before is None or before.ephemeral_to:
            return None
        gone = {"deleted_ts": change.ts, "previous_message": message_json(before, workspace)}
        return {**_hidden("message_deleted", channel, stamp), **gone}
    if change.kind in ("reaction_added", "reaction_removed"):
        message = workspace.messages.get(change.channel, change.ts)
        return {
            "type": change.kind,
            "user": change.user,
            "reaction": change.detail,
            "item": {"type": "message", "channel": change.channel, "ts": change.ts},
            "item_user": message.user,
            "event_ts": stamp,
        }
    if change.kind == "file_shared":
        return _file_shared(change, stamp)
    joined = change.kind == "member_joined"
    extra = {"channel_type": _letter(channel), "team": workspace.team.id} if joined else {}
    return {
        "type": "member_joined_channel" if joined else change.kind,
        "user": change.user,
        "channel": channel.id,
        "event_ts": stamp,
        **extra,
    }


def _file_shared(change: Change, stamp: str) -> Json:
    return {
        "type": "file_shared",
        "file_id": change.detail,
        "user_id": change.user,
        "file": {"id": change.detail},
        "channel_id": change.channel,
        "event_ts": stamp,
    }


def _message(message: Message, change: Change, channel: Channel, workspace: Workspace) -> Json:
    written = message_json(message, workspace, metadata=True)
    if change.kind == "message":
        return {
            **written,
            **({"subtype": "file_share"} if message.files else {}),
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": _kind(channel),
        }
    before = message_json(change.before, workspace) if change.before else {}
    hidden = _hidden("message_changed", channel, message.edited or message.ts)
    return {**hidden, "message": written, "previous_message": before}


def _hidden(subtype: str, channel: Channel, stamp: str) -> Json:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "ts": stamp,
        "event_ts": stamp,
        "channel_type": _kind(channel),
    }


def _home_opened(workspace: Workspace, change: Change) -> Json:
    home = workspace.views.home(change.user)
    opened: Json = {
        "type": "app_home_opened",
        "user": change.user,
        "channel": workspace.channels.direct(workspace.app.bot_user, change.user).id,
        "tab": change.detail or "home",
        "event_ts": workspace.stamps.ts(),
    }
    return opened | ({"view": view_json(home, workspace)} if home and opened["tab"] == "home" else {})


def _kind(channel: Channel) -> str:
    return "im" if channel.is_im else "group" if channel.is_private else "channel"


def _letter(channel: Channel) -> str:
    return "G" if channel.is_private else "C"
