"""``list``: the open incidents."""

from __future__ import annotations

from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.status import one_line


async def listed(call: Call) -> Answer:
    """The open incidents, the newest first."""
    incidents = sorted(await call.desk.service.listing("open"), key=lambda incident: -incident.number)
    if not incidents:
        return Answer(f"No incident is open. `{call.name} new` declares one.")
    more = [f"… and {len(incidents) - 20} more"] if len(incidents) > 20 else []
    return Answer("\n".join([*(one_line(incident) for incident in incidents[:20]), *more]))


LIST = Command(usage="list", about="lists the open incidents", run=listed)
