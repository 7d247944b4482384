"""The channels: who is in them, what is pinned and bookmarked, and what Slack itself writes into them."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.messages import Messages
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Bookmark, Channel, SlackSays

_NAME = re.compile(r"[a-z0-9_-]+")
_LONGEST_NAME = 80
_LONGEST_TOPIC = 250


class Channels:
    """Channels by id. Every method that changes one returns its new value."""

    def __init__(self, stamps: Stamps, changes: Changes, messages: Messages) -> None:
        self._stamps = stamps
        self._changes = changes
        self._messages = messages
        self._by_id: dict[str, Channel] = {}
        self._by_name: dict[str, str] = {}
        self._direct: dict[tuple[str, ...], str] = {}

    def all(self) -> list[Channel]:
        """Every channel, oldest first; direct conversations too."""
        return list(self._by_id.values())

    def get(self, channel_id: str) -> Channel:
        """The channel; ``channel_not_found`` if there is none (any more)."""
        try:
            return self._by_id[channel_id]
        except KeyError:
            raise SlackSays("channel_not_found") from None

    def find(self, channel_id: str) -> Channel | None:
        """The channel, or None if there is none (any more)."""
        return self._by_id.get(channel_id)

    def by_name(self, name: str) -> Channel:
        """The channel called ``name`` (a leading ``#`` is allowed)."""
        return self.get(self._by_name.get(name.removeprefix("#"), ""))

    def open(self, channel_id: str) -> Channel:
        """The channel, if it can still be changed; ``is_archived`` otherwise."""
        channel = self.get(channel_id)
        if channel.is_archived:
            raise SlackSays("is_archived")
        return channel

    def create(self, name: str, *, creator: str, members: tuple[str, ...] = (), is_private: bool = False) -> Channel:
        """A new channel whose creator is a member; names are those that Slack allows, once in a workspace."""
        self._check_name(name)
        channel = Channel(
            id=self._stamps.id("C"),
            name=name,
            creator=creator,
            created=self._stamps.now(),
            is_private=is_private,
        )
        self._keep(channel, kind="channel_created", user=creator)
        for member in dict.fromkeys((creator, *members)):
            channel = self.join(channel.id, user=member)
        return channel

    def direct(self, *people: str) -> Channel:
        """The direct conversation of these people, opened if there was none."""
        members = tuple(sorted(set(people)))
        if members in self._direct:
            return self._by_id[self._direct[members]]
        channel = Channel(
            id=self._stamps.id("D"),
            name="",
            creator=people[0],
            created=self._stamps.now(),
            members=members,
            is_im=True,
        )
        self._direct[members] = channel.id
        return self._keep(channel, kind="channel_created", user=people[0])

    def rename(self, channel_id: str, name: str, *, user: str) -> Channel:
        """The channel has the new name, and says so."""
        channel = self.open(channel_id)
        if name != channel.name:
            self._check_name(name)
        self._by_name.pop(channel.name, None)
        return self._changed(channel, user=user, line=f'renamed the channel to "{name}"', name=name)

    def set_topic(self, channel_id: str, topic: str, *, user: str) -> Channel:
        """The channel has the topic; ``too_long`` above 250 characters."""
        if len(topic) > _LONGEST_TOPIC:
            raise SlackSays("too_long")
        channel = self.open(channel_id)
        return self._changed(channel, user=user, line=f"set the channel topic: {topic}", topic=topic)

    def set_purpose(self, channel_id: str, purpose: str, *, user: str) -> Channel:
        """The channel has the purpose; ``too_long`` above 250 characters."""
        if len(purpose) > _LONGEST_TOPIC:
            raise SlackSays("too_long")
        channel = self.open(channel_id)
        return self._changed(channel, user=user, line=f"set the channel description: {purpose}", purpose=purpose)

    def join(self, channel_id: str, *, user: str) -> Channel:
        """The person is a member, and the channel says so; nothing happens if they were."""
        channel = self.open(channel_id)
        if user in channel.members:
            return channel
        channel = self._replace(channel, members=(*channel.members, user))
        if not channel.is_im:
            self._messages.post(
                channel=channel_id,
                user=user,
                subtype="channel_join",
                text=f"<@{user}> has joined the channel",
            )
        self._changes.publish(Change(kind="member_joined", channel=channel_id, user=user))
        return channel

    def leave(self, channel_id: str, *, user: str) -> Channel:
        """The person is no member any more; ``not_in_channel`` if they were none."""
        channel = self.open(channel_id)
        if user not in channel.members:
            raise SlackSays("not_in_channel")
        rest = tuple(member for member in channel.members if member != user)
        return self._keep(msgspec.structs.replace(channel, members=rest), kind="member_left", user=user)

    def archive(self, channel_id: str, *, user: str) -> Channel:
        """Nothing can be written into the channel any more; ``already_archived`` if so before."""
        channel = self.get(channel_id)
        if channel.is_archived:
            raise SlackSays("already_archived")
        channel = msgspec.structs.replace(channel, is_archived=True)
        return self._keep(channel, kind="channel_archive", user=user)

    def unarchive(self, channel_id: str, *, user: str) -> Channel:
        """The channel is open again; ``not_archived`` if it was."""
        channel = self.get(channel_id)
        if not channel.is_archived:
            raise SlackSays("not_archived")
        channel = msgspec.structs.replace(channel, is_archived=False)
        return self._keep(channel, kind="channel_unarchive", user=user)

    def delete(self, channel_id: str, *, user: str) -> None:
        """The channel is gone, as when an administrator deletes it."""
        self.get(channel_id)
        self._changes.publish(Change(kind="channel_deleted", channel=channel_id, user=user))
        channel = self._by_id.pop(channel_id)
        self._by_name.pop(channel.name, None)

    def share(self, channel_id: str) -> Channel:
        """The channel is shared with another organisation."""
        return self._replace(self.get(channel_id), is_ext_shared=True)

    def set_pins(self, channel_id: str, pins: tuple[str, ...], *, user: str) -> Channel:
        """The channel has exactly these pins."""
        channel = msgspec.structs.replace(self.open(channel_id), pins=pins)
        return self._keep(channel, kind="pins", user=user)

    def set_bookmarks(self, channel_id: str, bookmarks: tuple[Bookmark, ...], *, user: str) -> Channel:
        """The channel has exactly these bookmarks."""
        channel = msgspec.structs.replace(self.open(channel_id), bookmarks=bookmarks)
        return self._keep(channel, kind="bookmarks", user=user)

    def _check_name(self, name: str) -> None:
        if not name:
            raise SlackSays("invalid_name_required")
        if len(name) > _LONGEST_NAME:
            raise SlackSays("invalid_name_maxlength")
        if not _NAME.fullmatch(name):
            raise SlackSays("invalid_name_specials")
        if not any(letter.isalnum() for letter in name):
            raise SlackSays("invalid_name_punctuation")
        if name in self._by_name:
            raise SlackSays("name_taken")

    def _changed(self, channel: Channel, *, user: str, line: str, **fields: str) -> Channel:
        kind = next(iter(fields))
        channel = self._replace(channel, **fields)
        self._changes.publish(Change(kind="channel_changed", channel=channel.id, user=user, detail=kind))
        self._messages.post(channel=channel.id, user=user, subtype=f"channel_{kind}", text=f"<@{user}> {line}")
        return channel

    def _replace(self, channel: Channel, **fields: Any) -> Channel:
        channel = msgspec.structs.replace(channel, **fields)
        self._by_id[channel.id] = channel
        if channel.name:
            self._by_name[channel.name] = channel.id
        return channel

    def _keep(self, channel: Channel, *, kind: str, user: str) -> Channel:
        self._replace(channel)
        self._changes.publish(Change(kind=kind, channel=channel.id, user=user))
        return channel
