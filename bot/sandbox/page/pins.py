"""A channel's pinned messages, as its head lists them."""

from __future__ import annotations

import msgspec

from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.names import Names
from bot.sandbox.page.screen import person
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel

_EXCERPT = 140


class PinRow(msgspec.Struct, frozen=True, kw_only=True):
    """A pinned message: who wrote it, and how it begins."""

    ts: str
    author: str
    text: str


def pin_rows(workspace: Workspace, channel: Channel, names: Names) -> list[PinRow]:
    """The pinned messages that still exist, the one pinned last first."""
    there = {message.ts: message for message in workspace.messages.all_in(channel.id)}
    return [
        PinRow(
            ts=ts,
            author=person(workspace, there[ts].user, {}).name,
            text=mrkdwn(there[ts].text[:_EXCERPT], names).striptags() or "A message without text",
        )
        for ts in reversed(channel.pins)
        if ts in there and there[ts].ephemeral_to in ("", names.me)
    ]
