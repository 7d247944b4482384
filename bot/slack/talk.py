"""What people say in a channel, as far as one has to know whether they still do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.slack.gateway import Gateway

_A_PAGE = 200
#: further back than so many pages nothing of today is found, but for answers in the oldest threads
_MOST_PAGES = 5
#: what a message is called that a person wrote; others say who joined, or what the topic is now
_WRITTEN = (None, "file_share", "me_message", "thread_broadcast")


class ChannelTalk:
    """Reads channels through the gateway; what bots write is no talk."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def last_word(self, channel: str, *, since: datetime) -> datetime | None:
        """When a person last wrote there, in threads, too; None: nobody did since then. Raises SlackError."""
        ours, found, pages = await self._gateway.bot_user(), 0.0, 0
        async for page in self._gateway.pages("conversations.history", {"channel": channel, "limit": _A_PAGE}):
            messages = page.get("messages", ())
            found = max((found, *(_spoken(message, ours) for message in messages)))
            pages += 1
            if pages == _MOST_PAGES:
                break
        return datetime.fromtimestamp(found, UTC) if found > since.timestamp() else None


def _spoken(message: Mapping[str, Any], ours: str) -> float:
    """When a person wrote the message, or last answered it; 0 if nobody did."""
    answered = any(user != ours for user in message.get("reply_users", ()))
    by_person = not message.get("bot_id") and message.get("user") not in (None, ours)
    written = by_person and message.get("subtype") in _WRITTEN
    return max(
        float(message["ts"]) if written else 0.0, float(message.get("latest_reply") or 0.0) if answered else 0.0
    )
