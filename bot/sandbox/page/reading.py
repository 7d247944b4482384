"""Who has read how far: what makes a channel bold in somebody's sidebar."""

from __future__ import annotations

from bot.sandbox.page.screen import ChannelRow, label
from bot.sandbox.workspace.state import Workspace


class ReadMarks:
    """The last message that each person saw in each channel. Kept in memory: the sandbox forgets it when it ends."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], str] = {}

    def mark(self, workspace: Workspace, user: str, channel: str) -> None:
        """Everything now in the channel is read by ``user``."""
        seen = workspace.messages.visible(channel, to=user)
        if seen:
            self._marks[(user, channel)] = seen[-1].ts

    def unread(self, workspace: Workspace, user: str, channel: str) -> bool:
        """Whether somebody else wrote something since; lines that Slack itself writes do not count."""
        mark = self._marks.get((user, channel), "")
        return any(
            message.ts > mark and message.user != user and not message.subtype
            for message in workspace.messages.visible(channel, to=user)
        )


def sidebar(workspace: Workspace, marks: ReadMarks, *, me: str, current: str) -> dict[str, list[ChannelRow]]:
    """The channels that ``me`` sees as ``open``, ``direct`` and ``archived``, each by name."""
    groups: dict[str, list[ChannelRow]] = {"open": [], "direct": [], "archived": []}
    for channel in workspace.seen_by(me):
        row = ChannelRow(
            id=channel.id,
            label=label(workspace, channel, me),
            unread=channel.id != current and marks.unread(workspace, me, channel.id),
            channel=channel,
        )
        group = "archived" if channel.is_archived else "direct" if channel.is_im else "open"
        groups[group].append(row)
    return {group: sorted(rows, key=lambda row: row.label) for group, rows in groups.items()}
