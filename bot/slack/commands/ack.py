"""``ack``: I'm on it."""

from __future__ import annotations

from bot.incidents.commands import Acknowledge
from bot.slack.commands.command import Answer, Call, Command


async def _run(call: Call) -> Answer:
    incident = await call.do(Acknowledge())
    leads = "You lead." if incident.lead == call.place.user else f"<@{incident.lead}> leads."
    return Answer(f"{incident.key} is acknowledged. {leads}")


ACK = Command(usage="ack", about="says that you are on it", run=_run)
