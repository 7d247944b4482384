"""What is in the channels, and who: everything that only reads conversations."""

from __future__ import annotations

from itertools import islice, takewhile
from math import inf
from typing import Final

from bot.sandbox.workspace.methods.arguments import Arguments, Page, Request, limit_of, next_page, read_cursor
from bot.sandbox.workspace.scroll import as_ts
from bot.sandbox.workspace.shapes import channel_json, message_json
from bot.sandbox.workspace.values import Channel, Json, Message, SlackSays

_LONGEST_PAGE: Final = 999
_TYPES: Final = {"public_channel", "private_channel", "im", "mpim"}


def info(request: Request) -> Json:
    """``conversations.info``."""
    return {"channel": channel_json(request.channel(), request.workspace)}


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
    page = Page(request.channel().members, request.arguments, key=str)
    return {"members": page.items, **page.answer}


def history(request: Request) -> Json:
    """``conversations.history``: newest first, without the replies; read from the end, never the whole channel."""
    channel = request.own_channel()
    span = _Span(request.arguments)
    most = limit_of(request.arguments, default=100, most=_LONGEST_PAGE)
    cursor = read_cursor(request.arguments)
    if cursor and request.workspace.messages.find(channel.id, cursor) is None:
        raise SlackSays("invalid_cursor")
    backward = request.workspace.messages.scroll(channel.id).backward(
        before=cursor or span.latest, ends=bool(cursor) or span.ends
    )
    fitting = takewhile(span.is_late_enough, (message for message in backward if not message.ephemeral_to))
    found = list(islice(fitting, most + 1))
    return {
        "messages": _written(request, found[:most]),
        "has_more": len(found) > most,
        "pin_count": len(channel.pins),
        **next_page(found[most].ts if len(found) > most else ""),
    }


def replies(request: Request) -> Json:
    """``conversations.replies``: the parent and its replies, oldest first; a reply alone for a reply's timestamp."""
    channel = request.own_channel()
    parent = request.arguments.required("ts")
    span = _Span(request.arguments)
    thread = [m for m in request.workspace.messages.thread(channel.id, parent) if not m.ephemeral_to]
    if not thread:
        raise SlackSays("thread_not_found")
    wanted = [m for m in thread if m.ts == parent or span.holds(m)]
    page = Page(wanted, request.arguments, key=_ts, default=1000)
    return {"messages": _written(request, page.items), "has_more": page.has_more, **page.answer}


class _Span:
    """Between ``oldest`` and ``latest``, with both ends only if ``inclusive``."""

    def __init__(self, arguments: Arguments) -> None:
        self.oldest = as_ts(arguments.moment("oldest", 0.0))
        self.latest = as_ts(arguments.moment("latest", inf))
        self.ends = arguments.flag("inclusive")

    def is_late_enough(self, message: Message) -> bool:
        """Whether it was written after ``oldest``."""
        return message.ts > self.oldest or (self.ends and message.ts == self.oldest)

    def holds(self, message: Message) -> bool:
        """Whether it was written in this span."""
        before = message.ts < self.latest or (self.ends and message.ts == self.latest)
        return before and self.is_late_enough(message)


def _written(request: Request, messages: list[Message]) -> list[Json]:
    metadata = request.arguments.flag("include_all_metadata")
    return [message_json(message, request.workspace, metadata=metadata) for message in messages]


def _page_of_channels(request: Request, channels: list[Channel]) -> Json:
    kinds = set(request.arguments.names("types") or ["public_channel"])
    if not kinds <= _TYPES:
        raise SlackSays("invalid_types")
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
