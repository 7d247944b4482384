"""Emoji under messages."""

from __future__ import annotations

import re
from typing import Final

from bot.sandbox.workspace.methods.arguments import Request, checked_ts
from bot.sandbox.workspace.shapes import message_json
from bot.sandbox.workspace.values import Channel, Json, Message, SlackSays

_MOST_KINDS: Final = 50
_MOST_BY_ONE: Final = 23
_NAME: Final = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(request: Request) -> Json:
    """``reactions.add``."""
    message, name = _named(request)
    mine = [each for each in message.reactions if request.bot in each.users]
    if all(each.name != name for each in message.reactions) and len(message.reactions) >= _MOST_KINDS:
        raise SlackSays("too_many_reactions")
    if len(mine) >= _MOST_BY_ONE:
        raise SlackSays("too_many_emoji")
    request.workspace.messages.react(message.channel, message.ts, user=request.bot, name=name)
    return {}


def remove(request: Request) -> Json:
    """``reactions.remove``."""
    message, name = _named(request)
    request.workspace.messages.unreact(message.channel, message.ts, user=request.bot, name=name)
    return {}


def get(request: Request) -> Json:
    """``reactions.get``."""
    channel = request.own_channel()
    written = message_json(_message(request, channel), request.workspace)
    return {"type": "message", "channel": channel.id, "message": written}


def _named(request: Request) -> tuple[Message, str]:
    channel = request.workspace.channels.open(request.own_channel().id)
    name = request.arguments.required("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackSays("invalid_name")
    return _message(request, channel), name


def _message(request: Request, channel: Channel) -> Message:
    ts = request.arguments.text("timestamp")
    if not ts:
        raise SlackSays("no_item_specified")
    message = request.workspace.messages.get(channel.id, checked_ts(ts))
    if message.ephemeral_to:
        raise SlackSays("message_not_found")
    return message
