"""Who answered a message, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from bot.sandbox.workspace.state import Workspace


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """The replies to one message: how many, by whom (the first one first), and when the last one came."""

    replies: int
    people: tuple[str, ...]
    last: datetime


def thread_of(workspace: Workspace, channel: str, ts: str, me: str) -> Thread | None:
    """The answers to a message as ``me`` sees them; None if there are none."""
    replies = workspace.messages.replies(channel, ts, to=me)
    if not replies:
        return None
    return Thread(
        replies=len(replies),
        people=tuple(dict.fromkeys(reply.user for reply in replies)),
        last=datetime.fromtimestamp(float(replies[-1].ts), tz=UTC),
    )
