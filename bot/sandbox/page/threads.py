"""Who answered a message and when, and what stands in the place of one that is gone but was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Message

TOMBSTONE = "tombstone"
"""Slack's subtype of what is left of a deleted message with replies."""


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """The replies to one message: how many, by whom (the first one first), and when the last one came."""

    replies: int
    people: tuple[str, ...]
    last: datetime


def threads(workspace: Workspace, channel: str, me: str) -> dict[str, Thread]:
    """The threads of a channel as ``me`` sees them, by the timestamp of what was answered."""
    found: dict[str, list[Message]] = {}
    for message in workspace.messages.all_in(channel):
        if message.thread_ts and message.ephemeral_to in ("", me):
            found.setdefault(message.thread_ts, []).append(message)
    return {
        parent: Thread(
            replies=len(replies),
            people=tuple(dict.fromkeys(reply.user for reply in replies)),
            last=datetime.fromtimestamp(float(replies[-1].ts), tz=UTC),
        )
        for parent, replies in found.items()
    }


def tombstone(channel: str, ts: str) -> Message:
    """What is shown of a message that was deleted while its replies stay."""
    return Message(ts=ts, channel=channel, user="", subtype=TOMBSTONE, text="This message was deleted.")


def with_tombstones(
    workspace: Workspace, shown: Sequence[Message], channel: str, parents: Sequence[str]
) -> list[Message]:
    """``shown`` with a tombstone for each of ``parents`` that is gone, in the order of time."""
    there = {message.ts for message in workspace.messages.all_in(channel)}
    gone = [tombstone(channel, ts) for ts in parents if ts not in there]
    return sorted([*shown, *gone], key=lambda message: float(message.ts)) if gone else list(shown)
