"""``list``: the open incidents."""

from __future__ import annotations

from collections.abc import Sequence

from bot.incidents.incident import Incident
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.status import one_line


async def listed(call: Call) -> Answer:
    """The open incidents, the newest first, and then those that nobody has opened yet."""
    service = call.desk.service
    incidents = _lines(await service.listing("open"), 20)
    waiting = _lines(await service.listing("triage"), 10)
    if not incidents:
        incidents = [f"No incident is open. `{call.name} new` declares one."]
    mutes = await service.muting.current(call.desk.now())
    muted = [f"{len(mutes)} muted: `{call.name} mute list`"] if mutes else []
    return Answer("\n".join([*incidents, *waiting, *muted]))


def _lines(incidents: Sequence[Incident], most: int) -> list[str]:
    newest = sorted(incidents, key=lambda incident: -incident.number)
    more = [f"… and {len(newest) - most} more"] if len(newest) > most else []
    return [*(one_line(incident) for incident in newest[:most]), *more]


LIST = Command(usage="list", about="lists the open incidents", run=listed)
