"""``reopen``: says that it is not over."""

from __future__ import annotations

from bot.incidents.commands import Reopen
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "reopen and why"


async def _run(call: Call) -> Answer:
    if not call.text:
        raise call.usage(_USAGE)
    incident = await call.do(Reopen(reason=call.text))
    return Answer(f"{incident.key} is open again; everything is measured again.")


REOPEN = Command(usage=_USAGE, about="says that it is not over", run=_run)
