"""Who has read how far: what makes a channel bold in somebody's sidebar, and where they left off."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.sandbox.page.screen import label
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Message

_EVERYBODY = ("<!here", "<!channel", "<!everyone")


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has not read in a channel: how many messages, how many of them call the reader."""

    messages: int = 0
    mentions: int = 0


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the sidebar. ``joined`` is false where the person can look but is no member."""

    id: str
    label: str
    unread: Unread
    joined: bool
    is_private: bool
    is_direct: bool


class Sidebar(msgspec.Struct, frozen=True, kw_only=True):
    """The channels that somebody sees, each group by name, and what is unread in all of them.

    The conversation with the bot is in no group: it is a part of the bot's own page. ``app`` is what is unread there.
    """

    open: tuple[ChannelRow, ...]
    direct: tuple[ChannelRow, ...]
    archived: tuple[ChannelRow, ...]
    app: Unread

    @property
    def unread(self) -> Unread:
        """All groups together; what is archived calls nobody."""
        new = [*(row.unread for row in (*self.open, *self.direct)), self.app]
        return Unread(messages=sum(one.messages for one in new), mentions=sum(one.mentions for one in new))


def _calls(workspace: Workspace, user: str) -> tuple[str, ...]:
    """How a text mentions the user: by name, by a group's handle, or with everybody."""
    groups = (group.id for group in workspace.directory.groups.values() if user in group.users)
    return (f"<@{user}", *(f"<!subteam^{group}" for group in groups), *_EVERYBODY)


class ReadMarks:
    """The last message that each person saw in each channel. Kept in memory: the sandbox forgets it when it ends."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], str] = {}

    def mark(self, workspace: Workspace, user: str, channel: str) -> bool:
        """Everything now in the channel is read by ``user``; whether that was news."""
        shown = workspace.messages.visible(channel, to=user)
        if not shown or self._marks.get((user, channel)) == shown[-1].ts:
            return False
        self._marks[(user, channel)] = shown[-1].ts
        return True

    def left_off(self, workspace: Workspace, user: str, channel: str) -> str:
        """The timestamp of the first message that is new to ``user``; empty if none is, or on the first visit."""
        if (user, channel) not in self._marks:
            return ""
        return next((message.ts for message in self._new(workspace, user, channel)), "")

    def unread(self, workspace: Workspace, user: str, channel: Channel) -> Unread:
        """What others wrote since; lines that Slack itself writes do not count. In a direct one all call."""
        new = list(self._new(workspace, user, channel.id))
        if channel.is_im:
            return Unread(messages=len(new), mentions=len(new))
        calls = _calls(workspace, user)
        mentions = sum(any(call in message.text for call in calls) for message in new)
        return Unread(messages=len(new), mentions=mentions)

    def _new(self, workspace: Workspace, user: str, channel: str) -> Iterable[Message]:
        mark = self._marks.get((user, channel), "")
        return (
            message
            for message in workspace.messages.visible(channel, to=user)
            if message.ts > mark and message.user != user and not message.subtype
        )


def sidebar(workspace: Workspace, marks: ReadMarks, *, me: str, current: str) -> Sidebar:
    """What ``me`` sees while ``current`` is open, in which nothing counts as unread."""
    groups: dict[str, list[ChannelRow]] = {"open": [], "direct": [], "archived": []}
    app = Unread()
    for channel in workspace.seen_by(me):
        joined = me in channel.members
        new = marks.unread(workspace, me, channel) if joined and channel.id != current else Unread()
        if channel.is_im and workspace.bot_is_in(channel):
            app = new
            continue
        row = ChannelRow(
            id=channel.id,
            label=label(workspace, channel, me),
            unread=Unread() if channel.is_archived else new,
            joined=joined,
            is_private=channel.is_private,
            is_direct=channel.is_im,
        )
        groups["archived" if channel.is_archived else "direct" if channel.is_im else "open"].append(row)
    by_name = {group: tuple(sorted(rows, key=lambda row: row.label)) for group, rows in groups.items()}
    return Sidebar(open=by_name["open"], direct=by_name["direct"], archived=by_name["archived"], app=app)
