"""The events that Slack makes of a change: of what type, for which scope, and what stands in them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.shapes import message_json, view_json
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, Message

Named = tuple[str, Json]
"""An event with the name under which one subscribes to it."""

_MESSAGES: Final = frozenset({"message", "message_changed", "message_deleted"})
_REACTIONS: Final = frozenset({"reaction_added", "reaction_removed"})
_ARCHIVING: Final = frozenset({"channel_archive", "channel_unarchive", "channel_deleted"})
_MEMBERS: Final = {"member_joined": "member_joined_channel", "member_left": "member_left_channel"}


def told(change: Change, workspace: Workspace, *, may: Callable[[str, Channel], bool]) -> Iterator[Named]:
    """What the bot would be told of the change; ``may`` says whether it has a scope for a channel.

    Of most things it hears only in channels in which it is a member.
    """
    if change.kind == "home_opened":
        yield "app_home_opened", _home_opened(workspace, change)
        return
    channel = workspace.channels.find(change.channel)
    if channel is None:
        return
    if change.kind == "channel_created" and not (channel.is_private or channel.is_im):
        if may("channels:read", channel):
            yield "channel_created", _created(channel, workspace)
        return
    if workspace.bot_is_in(channel):
        yield from _in_channel(change, channel, workspace, may)


def _in_channel(
    change: Change, channel: Channel, workspace: Workspace, may: Callable[[str, Channel], bool]
) -> Iterator[Named]:
    stamp = workspace.stamps.ts()
    if change.kind in _MESSAGES:
        yield from _of_message(change, channel, workspace, may)
    elif change.kind in _REACTIONS and may("reactions:read", channel):
        yield change.kind, _reaction(change, workspace, stamp)
    elif change.kind == "file_shared" and may("files:read", channel):
        yield "file_shared", _file_shared(change, stamp)
    elif not may("channels:read", channel) or channel.is_im:
        return
    elif change.kind in _MEMBERS:
        yield _MEMBERS[change.kind], _member(change, channel, workspace, stamp)
    elif change.kind in _ARCHIVING:
        kind = change.kind.replace("channel_", "group_") if channel.is_private else change.kind
        yield kind, {"type": kind, "user": change.user, "channel": channel.id, "event_ts": stamp}
    elif change.kind == "channel_changed" and change.detail == "name":
        kind = "group_rename" if channel.is_private else "channel_rename"
        yield kind, {"type": kind, "channel": _short(channel), "event_ts": stamp}


def _of_message(
    change: Change, channel: Channel, workspace: Workspace, may: Callable[[str, Channel], bool]
) -> Iterator[Named]:
    event = _message_event(change, channel, workspace)
    if event is None:
        return
    if may("channels:history", channel):
        yield f"message.{_subscription(channel)}", event
    mentions = f"<@{workspace.app.bot_user}>" in str(event.get("text", ""))
    if mentions and change.kind == "message" and not channel.is_im and may("app_mentions:read", channel):
        kept = {name: value for name, value in event.items() if name not in ("subtype", "channel_type")}
        yield "app_mention", {**kept, "type": "app_mention"}


def _message_event(change: Change, channel: Channel, workspace: Workspace) -> Json | None:
    if change.kind == "message_deleted":
        before = change.before
        if before is None or before.ephemeral_to:
            return None
        gone = {"deleted_ts": change.ts, "previous_message": message_json(before, workspace)}
        return {**_hidden("message_deleted", channel, workspace.stamps.ts()), **gone}
    message = workspace.messages.find(change.channel, change.ts)
    if message is None or message.ephemeral_to:
        return None
    written = message_json(message, workspace, metadata=True)
    if change.kind == "message":
        return {
            **written,
            **({"subtype": "file_share"} if message.files else {}),
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": _kind(channel),
        }
    return _changed(message, written, change.before, channel=channel, workspace=workspace)


def _changed(
    message: Message, written: Json, before: Message | None, *, channel: Channel, workspace: Workspace
) -> Json:
    stamp = message.edited or workspace.stamps.ts()
    previous = message_json(before, workspace) if before else {}
    return {
        **_hidden("message_changed", channel, stamp),
        "message": {**written, "hidden": True} if message.subtype else written,
        "previous_message": previous,
    }


def _reaction(change: Change, workspace: Workspace, stamp: str) -> Json:
    message = workspace.messages.get(change.channel, change.ts)
    return {
        "type": change.kind,
        "user": change.user,
        "reaction": change.detail,
        "item": {"type": "message", "channel": change.channel, "ts": change.ts},
        "item_user": message.user,
        "event_ts": stamp,
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


def _member(change: Change, channel: Channel, workspace: Workspace, stamp: str) -> Json:
    return {
        "type": _MEMBERS[change.kind],
        "user": change.user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.team.id,
        "event_ts": stamp,
    }


def _created(channel: Channel, workspace: Workspace) -> Json:
    stamp = workspace.stamps.ts()
    return {"type": "channel_created", "channel": {**_short(channel), "creator": channel.creator}, "event_ts": stamp}


def _short(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.name, "created": int(channel.created.timestamp())}


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
    home = workspace.homes.get(change.user)
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


def _subscription(channel: Channel) -> str:
    return "im" if channel.is_im else f"{_kind(channel)}s"
