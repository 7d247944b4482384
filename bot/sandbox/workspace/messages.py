"""The messages of all channels, and the reactions under them."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

import msgspec

from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.scroll import EARLIEST, LATEST, Scroll
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Message, Reaction, SlackSays

TOMBSTONE: Final = "tombstone"
"""The subtype of what stays where a message with replies was deleted."""
_SLACKBOT: Final = "USLACKBOT"


class Messages:
    """Messages by channel and timestamp, in the order in which they were written.

    Finding one, and the ones next to it, costs the same in a channel of ten and of ten thousand.
    """

    def __init__(self, stamps: Stamps, changes: Changes) -> None:
        self._stamps = stamps
        self._changes = changes
        self._scrolls: dict[str, Scroll] = {}

    def post(self, *, channel: str, user: str, **fields: Any) -> Message:
        """The message is in the channel. ``fields`` are those of ``Message``."""
        message = Message(ts=self._stamps.ts(), channel=channel, user=user, **fields)
        self._keep(message)
        self._tell("message", message)
        return message

    def get(self, channel: str, ts: str) -> Message:
        """The message; ``message_not_found`` if there is none (any more)."""
        message = self.find(channel, ts)
        if message is None or message.subtype == TOMBSTONE:
            raise SlackSays("message_not_found")
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """What stands at this timestamp: the message, what is left of a deleted one, or nothing."""
        return self.scroll(channel).by_ts.get(ts)

    def scroll(self, channel: str) -> Scroll:
        """The channel's messages in order, for those who read along them."""
        return self._scrolls.setdefault(channel, Scroll())

    def edit(self, channel: str, ts: str, **fields: Any) -> Message:
        """The message says what ``fields`` say, and is marked as edited."""
        before = self.get(channel, ts)
        message = msgspec.structs.replace(before, edited=self._stamps.ts(), **fields)
        self._keep(message)
        self._tell("message_changed", message, before=before)
        return message

    def delete(self, channel: str, ts: str) -> Message:
        """The message is gone; where it had replies, a line that says so stays until the last of them goes."""
        message = self.get(channel, ts)
        if self.replies(channel, ts):
            gone = Message(
                ts=ts, channel=channel, user=_SLACKBOT, text="This message was deleted.", subtype=TOMBSTONE
            )
            self._keep(gone)
            self._tell("message_changed", gone, before=message)
            return message
        self._take_out(message)
        parent = self.find(channel, message.thread_ts)
        if parent and parent.subtype == TOMBSTONE and not self.replies(channel, parent.ts):
            self._take_out(parent)
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
        return list(self.scroll(channel).by_ts.values())

    def visible(self, channel: str, *, to: str) -> list[Message]:
        """What ``to`` sees in the channel, oldest first: no replies, nobody else's ephemeral messages."""
        return [message for message in self.scroll(channel).top() if message.ephemeral_to in ("", to)]

    def recent(
        self, channel: str, *, to: str, most: int = 50, before: str = LATEST, after: str = EARLIEST
    ) -> list[Message]:
        """The last ``most`` of what ``to`` sees in the channel between two timestamps, oldest first."""
        found: list[Message] = []
        for message in self.scroll(channel).backward(before=before):
            if message.ts <= after or len(found) >= most:
                break
            if message.ephemeral_to in ("", to):
                found.append(message)
        return found[::-1]

    def following(self, channel: str, *, to: str, after: str, most: int = 50) -> list[Message]:
        """The first ``most`` of what ``to`` sees in the channel after a timestamp, oldest first."""
        seen = (m for m in self.scroll(channel).forward(after=after) if m.ephemeral_to in ("", to))
        return list(islice(seen, most))

    def thread(self, channel: str, parent: str, *, to: str = "") -> list[Message]:
        """The parent, or what is left of it, and its replies, oldest first."""
        scroll = self.scroll(channel)
        found = [scroll.by_ts[ts] for ts in (parent, *scroll.replies(parent)) if ts in scroll.by_ts]
        return [message for message in found if message.ephemeral_to in ("", to)]

    def replies(self, channel: str, parent: str, *, to: str = "") -> list[Message]:
        """The replies alone, without anybody else's ephemeral ones."""
        scroll = self.scroll(channel)
        found = (scroll.by_ts[ts] for ts in scroll.replies(parent))
        return [message for message in found if message.ephemeral_to in ("", to)]

    def _keep(self, message: Message) -> None:
        self.scroll(message.channel).put(message)

    def _take_out(self, message: Message) -> None:
        self.scroll(message.channel).take_out(message)
        self._tell("message_deleted", message, before=message)

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
