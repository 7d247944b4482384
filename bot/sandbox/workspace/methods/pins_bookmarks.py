"""What stands at the top of a channel: pinned messages and bookmarked links."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bot.sandbox.workspace.messages import TOMBSTONE
from bot.sandbox.workspace.methods.arguments import Request, checked_ts
from bot.sandbox.workspace.shapes import bookmark_json, message_json
from bot.sandbox.workspace.values import Bookmark, Channel, Json, SlackSays

_MOST: Final = 100
_EMOJI: Final = re.compile(r":[a-z0-9_+'-]+:")


def pin(request: Request) -> Json:
    """``pins.add``."""
    channel, ts = _pinnable(request)
    if ts in channel.pins:
        raise SlackSays("already_pinned")
    if len(channel.pins) >= _MOST:
        raise SlackSays("too_many_pins")
    request.workspace.channels.set_pins(channel.id, (*channel.pins, ts), user=request.bot)
    return {}


def unpin(request: Request) -> Json:
    """``pins.remove``."""
    channel, ts = _pinnable(request)
    if ts not in channel.pins:
        raise SlackSays("no_pin")
    rest = tuple(pinned for pinned in channel.pins if pinned != ts)
    request.workspace.channels.set_pins(channel.id, rest, user=request.bot)
    return {}


def pins(request: Request) -> Json:
    """``pins.list``: messages that were deleted are no pins any more."""
    channel = request.own_channel()
    there = [request.workspace.messages.find(channel.id, ts) for ts in channel.pins]
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "message": message_json(message, request.workspace),
            "created": int(float(message.ts)),
            "created_by": message.user,
        }
        for message in there
        if message is not None and message.subtype != TOMBSTONE
    ]
    return {"items": items}


def add_bookmark(request: Request) -> Json:
    """``bookmarks.add``: links only."""
    channel = request.own_channel("channel_id")
    title = request.arguments.required("title")
    if request.arguments.required("type") != "link":
        raise SlackSays("invalid_bookmark_type")
    link, emoji = _checked(request)
    if len(channel.bookmarks) >= _MOST:
        raise SlackSays("too_many_bookmarks")
    bookmark = Bookmark(
        id=request.workspace.stamps.id("Bk"),
        channel=channel.id,
        title=title,
        link=link,
        emoji=emoji,
        created=request.workspace.stamps.now(),
    )
    return _keep(request, channel, (*channel.bookmarks, bookmark), bookmark)


def edit_bookmark(request: Request) -> Json:
    """``bookmarks.edit``: what is not given stays."""
    channel, old = _bookmark(request)
    _checked(request, link_is_needed=False)
    given = {name: request.arguments.text(name) for name in ("title", "link", "emoji") if name in request.arguments}
    new = msgspec.structs.replace(old, **given)
    all_of_them = tuple(new if mark.id == new.id else mark for mark in channel.bookmarks)
    return _keep(request, channel, all_of_them, new)


def remove_bookmark(request: Request) -> Json:
    """``bookmarks.remove``."""
    channel, old = _bookmark(request)
    rest = tuple(mark for mark in channel.bookmarks if mark.id != old.id)
    request.workspace.channels.set_bookmarks(channel.id, rest, user=request.bot)
    return {}


def bookmarks(request: Request) -> Json:
    """``bookmarks.list``."""
    marks = request.own_channel("channel_id").bookmarks
    return {"bookmarks": [bookmark_json(mark, request.workspace) for mark in marks]}


def _pinnable(request: Request) -> tuple[Channel, str]:
    channel = request.workspace.channels.open(request.own_channel().id)
    ts = request.arguments.text("timestamp")
    if not ts:
        raise SlackSays("no_item_specified")
    message = request.workspace.messages.get(channel.id, checked_ts(ts))
    if message.ephemeral_to:
        raise SlackSays("message_not_found")
    if message.subtype:
        raise SlackSays("not_pinnable")
    return channel, message.ts


def _checked(request: Request, *, link_is_needed: bool = True) -> tuple[str, str]:
    """The link and the emoji; ``invalid_link`` and ``invalid_emoji`` if they are none."""
    link, emoji = request.arguments.text("link"), request.arguments.text("emoji")
    if (link or link_is_needed) and not link.startswith(("http://", "https://")):
        raise SlackSays("invalid_link")
    if emoji and not _EMOJI.fullmatch(emoji):
        raise SlackSays("invalid_emoji")
    return link, emoji


def _bookmark(request: Request) -> tuple[Channel, Bookmark]:
    channel = request.own_channel("channel_id")
    for mark in channel.bookmarks:
        if mark.id == request.arguments.required("bookmark_id"):
            return channel, mark
    raise SlackSays("not_found")


def _keep(request: Request, channel: Channel, marks: tuple[Bookmark, ...], one: Bookmark) -> Json:
    request.workspace.channels.set_bookmarks(channel.id, marks, user=request.bot)
    return {"bookmark": bookmark_json(one, request.workspace)}
