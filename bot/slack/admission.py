"""Where the bot may post, and whom it may invite.

Channels of the configuration are given by name or id. The bot joins the public ones, never creates one, and posts
to none that other organisations can read unless the configuration says so; nor does it invite guests.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import SlackRefusal
from bot.slack.gateway import Gateway, Json
from bot.slack.slots import Rank
from bot.slack.verdicts import refusal
from bot.slack.view.text import is_person

#: a channel may be shared, renamed or left meanwhile, a person become a guest: asked again after this
_FRESH = timedelta(minutes=5)
_ID = re.compile(r"[CG][A-Z0-9]{6,}")
_A_PAGE = 999


class Admission:
    """Answers from memory where it can. ``shared``, ``guests``: what the configuration allows."""

    def __init__(self, gateway: Gateway, *, clock: Clock, shared: bool = False, guests: bool = False) -> None:
        self._gateway = gateway
        self._clock = clock
        self._shared = shared
        self._guests = guests
        self._channels: dict[str, tuple[str, datetime]] = {}
        self._invitable: dict[str, tuple[bool, datetime]] = {}
        self._asking = asyncio.Lock()
        self._asking_for_people = asyncio.Lock()

    async def channel(self, place: str, *, rank: Rank = ()) -> str:
        """The id of the configured channel ``place`` (``#name`` or an id), of which the bot is a member;
        a person's id as it is.

        Raises ``SlackRefusal`` if there is none, it cannot be joined, or others can read it.
        """
        if is_person(place):  # Slack opens the direct message with the first post
            return place
        async with self._asking:
            known, until = self._channels.get(place, ("", self._clock.now()))
            if known and self._clock.now() < until:
                return known
            found = await self.look(place, rank=rank)
            if not found.get("is_member"):
                await self._gateway.call("conversations.join", lambda: {"channel": found["id"]}, rank=rank)
            self._channels[place] = (str(found["id"]), self._clock.now() + _FRESH)
            return str(found["id"])

    async def look(self, place: str, *, rank: Rank = ()) -> Json:
        """Slack's description of the configured channel, which the bot is in or may join; it is not joined yet.

        Raises ``SlackRefusal`` if there is none, it is archived, or others can read it.
        """
        found = await self._find(place, rank)
        if found.get("is_archived"):
            raise _refused("chat.postMessage", "is_archived", place)
        shared = found.get("is_ext_shared") or (found.get("is_shared") and not found.get("is_org_shared"))
        if shared and not self._shared:
            raise _refused("chat.postMessage", "is_shared", place)
        return found

    def forget(self, place: str) -> None:
        """What was known of the channel is no longer so."""
        self._channels.pop(place, None)

    async def invitable(self, users: tuple[str, ...], *, rank: Rank = ()) -> tuple[str, ...]:
        """Those of ``users`` who may be invited: no guests, unless allowed, and nobody who is gone."""
        if self._guests:
            return users
        async with self._asking_for_people:
            now = self._clock.now()
            self._invitable = {user: (may, until) for user, (may, until) in self._invitable.items() if now < until}
            unknown = [user for user in dict.fromkeys(users) if user not in self._invitable]
            found = await asyncio.gather(*(self._is_of_the_house(user, rank) for user in unknown))
            until = self._clock.now() + _FRESH
            self._invitable.update((user, (may, until)) for user, may in zip(unknown, found, strict=True))
            return tuple(user for user in users if self._invitable[user][0])

    async def _find(self, place: str, rank: Rank) -> Json:
        if _ID.fullmatch(place):
            answer = await self._gateway.read("conversations.info", {"channel": place}, rank=rank)
            return dict(answer["channel"])
        mine = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": _A_PAGE}
        public = {**mine, "types": "public_channel"}
        for method, asked in (("users.conversations", mine), ("conversations.list", public)):
            async for page in self._gateway.pages(method, asked, rank=rank):
                for channel in page.get("channels", ()):
                    if channel.get("name") == place.removeprefix("#"):
                        return {"is_member": method == "users.conversations", **channel}
        raise _refused("conversations.list", "channel_not_found", place)

    async def _is_of_the_house(self, user: str, rank: Rank) -> bool:
        try:
            answer = await self._gateway.read("users.info", {"user": user}, rank=rank)
        except SlackRefusal as refused:
            if refused.code in ("user_not_found", "user_not_visible", "users_not_found"):
                return False
            raise
        person = answer.get("user") or {}
        return not (person.get("is_restricted") or person.get("is_ultra_restricted") or person.get("deleted"))


def _refused(method: str, code: str, place: str) -> SlackRefusal:
    return SlackRefusal(method, code, refusal(method, code, where=place))
