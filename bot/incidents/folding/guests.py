"""What changes when the incident goes on in a channel of somebody else."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


def _attached(head: Incident, event: ev.AttachedToChannel, _: ev.Entry) -> Changes:
    """Whoever was only told of it so far has opened it by this; where it lived before is remembered."""
    if head.place == "guest" and head.channel == event.channel:
        return {"asked_again": head.asked_again + 1}
    lived = () if head.place == "channel" and not head.channel else (head.channel,)
    return {
        "place": "guest", "channel": event.channel, "channel_name": event.name, "left": (*head.left, *lived),
        "home": head.home or (head.channel if head.place == "channel" else ""), "asked_again": 0,
        "tool": event.tool, "tool_url": event.url,
        "status": "open" if head.status == "triage" else head.status,
    }  # fmt: skip


CHANGES: Table = {ev.AttachedToChannel: _attached}
