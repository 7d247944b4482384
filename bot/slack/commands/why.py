"""``why``: says how it was possible."""

from __future__ import annotations

from bot.incidents.commands import AddWhy
from bot.slack.commands.command import Answer, Call, Command


async def _run(call: Call) -> Answer:
    if not call.text:
        raise call.usage("why and what made it possible")
    incident = await call.do(AddWhy(text=call.text))
    return Answer(f"{incident.key} has {len(incident.whys)} {'why' if len(incident.whys) == 1 else 'whys'} now.")


WHY = Command(usage="why and what made it possible", about="adds a why to the postmortem", run=_run)
