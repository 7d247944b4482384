"""What people are called, asked of Slack once for each and then remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from bot.errors import SlackError
from bot.slack.gateway import Gateway


class People:
    """Names by Slack user id. Whoever Slack does not tell about is left out, and asked for again the next time."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._names: dict[str, str] = {}

    async def names(self, users: Collection[str]) -> Mapping[str, str]:
        """The names of ``users``, as their colleagues read them."""
        await asyncio.gather(*(self._learn(user) for user in users if user not in self._names))
        return {user: self._names[user] for user in users if user in self._names}

    async def _learn(self, user: str) -> None:
        try:
            found = (await self._gateway.read("users.info", {"user": user}))["user"]
        except SlackError:
            return  # a document with an id in it is better than none
        profile = found.get("profile") or {}
        name = profile.get("real_name") or found.get("real_name") or found.get("name")
        if name:
            self._names[user] = str(name)
