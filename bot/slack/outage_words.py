"""What the incidents channel hears of the database, once, however many processes want to say it.

None of it needs the database. Before a message is posted the channel is read; two who post at once both look again,
and the later one takes its message back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from bot.errors import SlackError, SlackRefusal
from bot.slack.gateway import Gateway
from bot.slack.lookup import metadata

log = structlog.get_logger(__name__)

Kind = Literal["away", "back"]

#: others may have noticed so much earlier, and their clocks differ
EARLIER = timedelta(seconds=60)
_MOST_READ = 200
_A_PAGE = 999
_TRIES = 3


class OutageWords:
    """Speaks in ``channel`` (``#name`` or an id) with calls that wait for no slot: limits lie in the database."""

    def __init__(self, gateway: Gateway, *, channel: str, installation: str) -> None:
        self._gateway = gateway
        self._channel = channel
        self._surface = f"{installation}/outage/"
        self._id = "" if channel.startswith("#") else channel

    async def say(self, kind: Kind, message: Mapping[str, Any], *, since: datetime) -> None:
        """The channel has heard it, from us or from another process. Raises SlackError if it has not.

        ``since`` is when the trouble began, as far as we know.
        """
        heard = await self._heard(since)
        if heard and heard[-1][1] == kind:
            return
        told = {**message, "channel": self._id or self._channel, "metadata": metadata(f"{self._surface}{kind}")}
        posted = await self._gateway.answer("chat.postMessage", told)
        self._id, mine = str(posted["channel"]), str(posted["ts"])
        before = [one for one in await self._heard(since) if one[0] < mine]
        if before and before[-1][1] == kind:
            await self._take_back(mine)

    async def _heard(self, since: datetime) -> list[tuple[str, str]]:
        """What was said of it since then, oldest first: timestamp and kind. Nothing where we may not look."""
        try:
            self._id = self._id or await self._found()
            if not self._id:
                return []
            asked = {
                "channel": self._id, "oldest": f"{(since - EARLIER).timestamp():.6f}", "limit": _MOST_READ,
                "include_all_metadata": True,
            }  # fmt: skip
            answer = await self._gateway.answer("conversations.history", asked)
        except SlackError as error:
            log.warning("nobody can tell what others said of the database", because=str(error))
            return []
        said = ((str(message["ts"]), self._kind(message)) for message in answer.get("messages", ()))
        return sorted(one for one in said if one[1])

    def _kind(self, message: Mapping[str, Any]) -> str:
        surface = str(((message.get("metadata") or {}).get("event_payload") or {}).get("surface", ""))
        return surface.removeprefix(self._surface) if surface.startswith(self._surface) else ""

    async def _found(self) -> str:
        """The channel's id, if the bot is in it."""
        asked = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": _A_PAGE}
        while True:
            page = await self._gateway.answer("users.conversations", asked)
            for one in page.get("channels", ()):
                if one.get("name") == self._channel.removeprefix("#"):
                    return str(one["id"])
            asked["cursor"] = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not asked["cursor"]:
                return ""

    async def _take_back(self, ts: str) -> None:
        """Taken back is taken back, however often it is asked for."""
        for left in reversed(range(_TRIES)):
            try:
                await self._gateway.answer("chat.delete", {"channel": self._id, "ts": ts})
            except SlackRefusal as refused:
                log.warning("said twice", because=str(refused))
            except SlackError as error:
                if left:
                    continue
                log.warning("said twice", because=str(error))
            return
