"""What is in the channels, and who: everything that only reads conversations."""

from __future__ import annotations

from math import inf

from bot.sandbox.workspace.methods.arguments import Page, Request
from bot.sandbox.workspace.shapes import channel_json, message_json
from bot.sandbox.workspace.values import Channel, Json, Message, SlackSays


def info(request: Request) -> Json:
    """``conversations.info``."""
    channel = request.channel()
    if (channel.is_private or channel.is_im) and not request.workspace.bot_is_in(channel):
        raise SlackSays("channel_not_found")
    return {"channel": channel_json(channel, request.workspace)}


def list_all(request: Request) -> Json:
    """``conversations.list``: public channels, and the private ones the bot is in, by ``types``."""
    seen = request.workspace.seen_by(request.bot)
    return _page_of_channels(request, seen)


def list_own(request: Request) -> Json:
    """``users.conversations``: the channels of a user, of the bot if none is named."""
    user = request.arguments.text("user", request.bot)
    request.workspace.directory.user(user)
    own = [channel for channel in request.workspace.channels.all() if user in channel.members]
    return _page_of_channels(request, own)


def members(request: Request) -> Json:
    """``conversations.members``."""
    page = Page(list(request.channel().members), request.arguments, key=str)
    return {"members": page.items, **page.answer}


def history(request: Request) -> Json:
    """``conversations.history``: newest first, without the replies."""
    channel = request.own_channel()
    messages = [m for m in request.workspace.messages.all_in(channel.id) if not m.thread_ts]
    wanted = _between(request, messages)[::-1]
    page = Page(wanted, request.arguments, key=_ts)
    return {
        "messages": _written(request, page.items),
        "has_more": page.has_more,
        "pin_count": len(channel.pins),
        **page.answer,
    }


def replies(request: Request) -> Json:
    """``conversations.replies``: the parent and its replies, oldest first."""
    channel = request.own_channel()
    parent = request.arguments.required("ts")
    thread = request.workspace.messages.thread(channel.id, parent)
    if not thread:
        raise SlackSays("thread_not_found")
    first = [m for m in thread if m.ts == parent]
    later = _between(request, [m for m in thread if m.ts != parent])
    page = Page([*first, *later], request.arguments, key=_ts, default=1000)
    return {"messages": _written(request, page.items), "has_more": page.has_more, **page.answer}


def _between(request: Request, messages: list[Message]) -> list[Message]:
    """Those between ``oldest`` and ``latest``, with both ends only if ``inclusive``; none is ephemeral."""
    oldest = request.arguments.moment("oldest", 0.0)
    latest = request.arguments.moment("latest", inf)
    ends = request.arguments.flag("inclusive")

    def fits(message: Message) -> bool:
        ts = float(message.ts)
        inside = oldest <= ts <= latest if ends else oldest < ts < latest
        return inside and not message.ephemeral_to

    return [message for message in messages if fits(message)]


def _written(request: Request, messages: list[Message]) -> list[Json]:
    metadata = request.arguments.flag("include_all_metadata")
    return [message_json(message, request.workspace, metadata=metadata) for message in messages]


def _page_of_channels(request: Request, channels: list[Channel]) -> Json:
    kinds = request.arguments.names("types") or ["public_channel"]
    skip_archived = request.arguments.flag("exclude_archived")
    wanted = [
        channel for channel in channels if _kind(channel) in kinds and not (skip_archived and channel.is_archived)
    ]
    page = Page(wanted, request.arguments, key=lambda channel: channel.id)
    return {"channels": [channel_json(each, request.workspace) for each in page.items], **page.answer}


def _ts(message: Message) -> str:
    return message.ts


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"
