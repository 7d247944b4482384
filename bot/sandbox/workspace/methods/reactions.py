"""Emoji under messages."""

from __future__ import annotations

from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.shapes import message_json
from bot.sandbox.workspace.values import Json


def add(request: Request) -> Json:
    """``reactions.add``."""
    channel, ts, name = _named(request)
    request.workspace.messages.react(channel, ts, user=request.bot, name=name)
    return {}


def remove(request: Request) -> Json:
    """``reactions.remove``."""
    channel, ts, name = _named(request)
    request.workspace.messages.unreact(channel, ts, user=request.bot, name=name)
    return {}


def get(request: Request) -> Json:
    """``reactions.get``."""
    channel = request.own_channel()
    message = request.workspace.messages.get(channel.id, request.arguments.required("timestamp"))
    written = message_json(message, request.workspace)
    return {"type": "message", "channel": channel.id, "message": written}


def _named(request: Request) -> tuple[str, str, str]:
    channel = request.workspace.channels.open(request.own_channel().id)
    name = request.arguments.required("name").strip(":")
    return channel.id, request.arguments.required("timestamp"), name
