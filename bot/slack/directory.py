"""Slack's people and groups, as lookups of who is on call need them."""

from __future__ import annotations

from bot.errors import SlackRefusal
from bot.slack.gateway import Gateway

_UNKNOWN = frozenset({"users_not_found", "user_not_found"})


class SlackDirectory:
    """Asks Slack through the gateway. An address that was found is remembered; groups are asked for every time."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._found: dict[str, str] = {}

    async def group(self, group: str) -> tuple[str, ...]:
        """The user ids of a user group. Raises SlackError."""
        answer = await self._gateway.read("usergroups.users.list", {"usergroup": group})
        return tuple(str(user) for user in answer.get("users") or ())

    async def by_email(self, email: str) -> str | None:
        """The user id behind an address; None if there is none, or the account is closed. Raises SlackError."""
        if email not in self._found:
            try:
                user = (await self._gateway.read("users.lookupByEmail", {"email": email})).get("user") or {}
            except SlackRefusal as refused:
                if refused.code not in _UNKNOWN:
                    raise
                return None
            if not user.get("id") or user.get("deleted"):
                return None
            self._found[email] = str(user["id"])
        return self._found[email]
