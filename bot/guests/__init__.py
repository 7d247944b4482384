"""What other incident tools tell of the channels that they open: one file for each that has its own words.

All of it is pure. A request becomes ``Heard``: an ``Invited`` into a channel, or why there is nothing to do, and how
the tool's own incident stands. Which service a channel is about is found out by its address (``bot/web/attach``).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.guests import firehydrant, incident_io, pagerduty, rootly
from bot.guests.tool import Tool

__all__ = ["TOOLS", "Tool"]

#: the last part of the address that a tool's webhook is sent to -> what speaks it
TOOLS: Mapping[str, Tool] = {
    "incident-io": incident_io.TOOL,
    "rootly": rootly.TOOL,
    "firehydrant": firehydrant.TOOL,
    "pagerduty": pagerduty.TOOL,
}
