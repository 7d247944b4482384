"""``open``: opens an incident that is announced and that nobody has opened yet."""

from __future__ import annotations

from bot.incidents.commands.triage import OpenTriage
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "open INC-1"


async def _run(call: Call) -> Answer:
    if call.number is None:
        raise call.usage(_USAGE, "; the number is in its announcement")
    incident = await call.do(OpenTriage(anyway=True))
    return Answer(f"{incident.key} is open; you are invited to its channel.")


OPEN = Command(usage=_USAGE, about="opens what is only announced", run=_run)
