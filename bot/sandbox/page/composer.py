"""What a person typed, as Slack's client would send it, and what the composer suggests."""

from __future__ import annotations

import re
from typing import Final

from bot.sandbox.workspace.state import Workspace

SUGGESTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("new", "open an incident"),
    ("status", "how the incident of this channel stands"),
    ("lead", "take the command, or give it to somebody"),
    ("severity", "change the severity"),
    ("update", "tell the stakeholders"),
    ("note", "write into the timeline"),
    ("step", "show or answer a step of the runbook"),
    ("resolve", "the incident is over"),
    ("postmortem", "open the postmortem"),
    ("help", "all of these words"),
)
"""The words of the slash command, and what each does."""

_NAMED: Final = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")


def as_sent(text: str, workspace: Workspace, *, with_names: bool = False) -> str:
    """``text`` with Slack's escapes, and ``@name`` and ``#name`` as mentions where somebody is called so.

    ``with_names`` writes ``<@U1|name>``, as slash commands carry mentions.
    """
    users = {user.name: user.id for user in workspace.directory.users.values()}
    groups = {group.handle: group.id for group in workspace.directory.groups.values()}
    channels = {channel.name: channel.id for channel in workspace.channels.all() if not channel.is_im}

    def mention(found: re.Match[str]) -> str:
        sign, name = found.groups()
        tail = f"|{name}" if with_names else ""
        if sign == "#":
            return f"<#{channels[name]}{tail}>" if name in channels else found[0]
        if name in users:
            return f"<@{users[name]}{tail}>"
        if name in groups:
            return f"<!subteam^{groups[name]}|@{name}>"
        return f"<!{name}>" if name in {"here", "channel", "everyone"} else found[0]

    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NAMED.sub(mention, escaped)
