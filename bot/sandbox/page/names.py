"""What a message needs to know of the workspace to be drawn: names for ids, and where links lead."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import msgspec


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the workspace as one person sees it."""

    me: str
    """The user who looks."""
    users: Mapping[str, str]
    """Display names by user id, bots among them."""
    channels: Mapping[str, str]
    """Names without ``#`` by channel id."""
    private: frozenset[str] = frozenset()
    """Those of the channels that are private."""
    groups: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Handles without ``@`` by user group id."""
    people: tuple[str, ...] = ()
    """The user ids that are people: what a users_select offers."""
    base: str = ""
    """Where the page is mounted, without a slash at the end."""

    def channel_url(self, channel: str) -> str:
        """The address of a channel, seen by the same person."""
        return self.at(f"/c/{quote(channel, safe='')}")

    def thread_url(self, channel: str, ts: str) -> str:
        """The address of a thread beside its channel, seen by the same person."""
        return self.at(f"/c/{quote(channel, safe='')}/m/{quote(ts, safe='')}")

    def at(self, path: str) -> str:
        """An address of the page itself (``/act/press``), asked for as this person."""
        return f"{self.base}{path}?as={quote(self.me, safe='')}"
