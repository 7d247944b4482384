"""``resolve``: says that it is over."""

from __future__ import annotations

from bot.incidents.commands import Resolve
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.modals.incident import resolve


async def _run(call: Call) -> Answer | None:
    if not call.text:
        incident = await call.incident()
        await call.open(resolve(incident, about=call.about(incident)))
        return None
    incident = await call.do(Resolve(summary=call.text))
    return Answer(f"{incident.key} is resolved.")


RESOLVE = Command(usage="resolve [what it was]", about="says that it is over", run=_run)
