"""The messages of all channels, and the reactions under them."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Message, Reaction, SlackSays


class Messages:
    """Messages by channel and timestamp, in the order in which they were written."""

    def __init__(self, stamps: Stamps, changes: Changes) -> None:
        self._stamps = stamps
        self._changes = changes
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[str]] = {}

    def post(self, *, channel: str, user: str, **fields: Any) -> Message:
        """The message is in the channel. ``fields`` are those of ``Message``."""
        message = Message(ts=self._stamps.ts(), channel=channel, user=user, **fields)
        self._keep(message)
        if message.thread_ts:
            self._replies.setdefault((channel, message.thread_ts), []).append(message.ts)
        self._tell("message", message)
        return message

    def get(self, channel: str, ts: str) -> Message:
        """The message; ``message_not_found`` if there is none (any more)."""
        try:
            return self._by_channel[channel][ts]
        except KeyError:
            raise SlackSays("message_not_found") from None

    def edit(self, channel: str, ts: str, **fields: Any) -> Message:
        """The message says what ``fields`` say, and is marked as edited."""
        before = self.get(channel, ts)
        message = msgspec.structs.replace(before, edited=self._stamps.ts(), **fields)
        self._keep(message)
        self._tell("message_changed", message, before=before)
        return message

    def delete(self, channel: str, ts: str) -> Message:
        """The message is gone; its replies stay, as in Slack."""
        message = self.get(channel, ts)
        del self._by_channel[channel][ts]
        if message.thread_ts:
            self._replies[channel, message.thread_ts].remove(ts)
        self._tell("message_deleted", message, before=message)
        return message

    def react(self, channel: str, ts: str, *, user: str, name: str) -> Message:
        """The person's emoji is under the message; ``already_reacted`` if it was."""
        message = self.get(channel, ts)
        mine = next((reaction for reaction in message.reactions if reaction.name == name), None)
        if mine and user in mine.users:
            raise SlackSays("already_reacted")
        others = tuple(reaction for reaction in message.reactions if reaction.name != name)
        reactions = (*others, Reaction(name=name, users=(*(mine.users if mine else ()), user)))
        return self._reacted(message, reactions, kind="reaction_added", user=user, name=name)

    def unreact(self, channel: str, ts: str, *, user: str, name: str) -> Message:
        """The person's emoji is gone; ``no_reaction`` if it was not there."""
        message = self.get(channel, ts)
        if not any(reaction.name == name and user in reaction.users for reaction in message.reactions):
            raise SlackSays("no_reaction")
        reactions = []
        for reaction in message.reactions:
            users = tuple(u for u in reaction.users if reaction.name != name or u != user)
            if users:
                reactions.append(Reaction(name=reaction.name, users=users))
        return self._reacted(message, tuple(reactions), kind="reaction_removed", user=user, name=name)

    def all_in(self, channel: str) -> list[Message]:
        """Every message of the channel, replies and ephemeral ones too, oldest first."""
        return list(self._by_channel.get(channel, {}).values())

    def visible(self, channel: str, *, to: str) -> list[Message]:
        """What ``to`` sees in the channel, oldest first: no replies, nobody else's ephemeral messages."""
        return [m for m in self.all_in(channel) if not m.thread_ts and m.ephemeral_to in ("", to)]

    def thread(self, channel: str, parent: str, *, to: str = "") -> list[Message]:
        """The parent, if it still exists, and its replies, oldest first."""
        there = self._by_channel.get(channel, {})
        stamps = [parent, *self._replies.get((channel, parent), ())]
        found = [there[ts] for ts in stamps if ts in there]
        return [message for message in found if message.ephemeral_to in ("", to)]

    def replies(self, channel: str, parent: str) -> list[Message]:
        """The replies alone, without ephemeral ones."""
        return [message for message in self.thread(channel, parent) if message.thread_ts == parent]

    def _keep(self, message: Message) -> None:
        self._by_channel.setdefault(message.channel, {})[message.ts] = message

    def _reacted(
        self, message: Message, reactions: tuple[Reaction, ...], *, kind: str, user: str, name: str
    ) -> Message:
        message = msgspec.structs.replace(message, reactions=reactions)
        self._keep(message)
        self._changes.publish(Change(kind=kind, channel=message.channel, ts=message.ts, user=user, detail=name))
        return message

    def _tell(self, kind: str, message: Message, *, before: Message | None = None) -> None:
        seen_by = message.ephemeral_to or message.user
        self._changes.publish(Change(kind=kind, channel=message.channel, ts=message.ts, user=seen_by, before=before))
