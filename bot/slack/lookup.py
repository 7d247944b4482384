"""Finding again what was made when the answer was lost.

A message is known by the surface's name in its metadata; a channel by its creator and its age. Names alone prove
nothing: people make channels too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.slack.gateway import Gateway, Json
from bot.slack.slots import Rank

#: clocks differ, and a call may have been under way for a while: this much before the intent counts
BEFORE_INTENT = timedelta(seconds=60)

EVENT_TYPE = "evenkeel"
_A_PAGE = 200


def metadata(surface: str) -> Json:
    """What a message carries so that it is found again: ``surface`` is ``{installation}/INC-1/first``."""
    return {"event_type": EVENT_TYPE, "event_payload": {"surface": surface}}


async def look_up_message(
    gateway: Gateway, surface: str, *, channel: str, since: datetime, thread_ts: str = "", rank: Rank = ()
) -> tuple[str, tuple[str, ...]] | None:
    """The timestamp of the oldest message that carries ``surface``, and those of its twins; None if there is none.

    ``since`` is when the post was intended. In a thread the replies are searched. Raises ``SlackRefusal`` with
    ``missing_scope`` where the bot may not look.
    """
    asked: Json = {
        "channel": channel,
        "oldest": f"{(since - BEFORE_INTENT).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": _A_PAGE,
    }
    method = "conversations.history"
    if thread_ts:
        method, asked = "conversations.replies", {**asked, "ts": thread_ts}
    found = [
        str(message["ts"])
        async for page in gateway.pages(method, asked, rank=rank)
        for message in page.get("messages", ())
        if _carries(message, surface)
    ]
    if not found:
        return None
    first, *twins = sorted(found)
    return first, tuple(twins)


async def look_up_channel(gateway: Gateway, name: str, *, since: datetime, rank: Rank = ()) -> Json | None:
    """The channel ``name`` if our bot made it for this intent (``since``): Slack's own description of it."""
    ours = await gateway.bot_user()
    oldest = (since - BEFORE_INTENT).timestamp()
    asked = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": _A_PAGE}
    async for page in gateway.pages("users.conversations", asked, rank=rank):
        for channel in page.get("channels", ()):
            if channel.get("name") == name and channel.get("creator") == ours:
                # Slack gives the second in which it was created, without its fraction
                return dict(channel) if channel.get("created", 0) >= int(oldest) else None
    return None


async def look_up_bookmark(gateway: Gateway, channel: str, *, title: str, link: str, rank: Rank = ()) -> str | None:
    """The id of the channel's bookmark with that title and link."""
    answer = await gateway.read("bookmarks.list", {"channel_id": channel}, rank=rank)
    for bookmark in answer.get("bookmarks", ()):
        if (bookmark.get("title"), bookmark.get("link")) == (title, link):
            return str(bookmark["id"])
    return None


def _carries(message: dict[str, Any], surface: str) -> bool:
    data = message.get("metadata") or {}
    return data.get("event_type") == EVENT_TYPE and (data.get("event_payload") or {}).get("surface") == surface
