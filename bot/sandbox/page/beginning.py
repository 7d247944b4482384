"""Where a list of messages begins for whoever opens its channel: at its end, or at a card that heads it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.workspace.values import Channel, Message


def begins_at(channel: Channel, shown: Sequence[Message]) -> str:
    """The pinned message after which nothing is said, so that a picture below does not push it away; else empty.

    Lines that Slack itself writes, and messages that are nothing but pictures, say nothing that asks for an answer.
    """
    for message in reversed(shown):
        if message.ts in channel.pins:
            return message.ts
        if not message.subtype and not _only_pictures(message):
            return ""
    return ""


def _only_pictures(message: Message) -> bool:
    return bool(message.blocks) and all(block.get("type") == "image" for block in message.blocks)
