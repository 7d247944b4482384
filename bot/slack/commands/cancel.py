"""``cancel``: it was a false alarm."""

from __future__ import annotations

from bot.incidents.commands import Cancel
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "cancel and why it was a false alarm"


async def _run(call: Call) -> Answer:
    if not call.text:
        raise call.usage(_USAGE)
    incident = await call.do(Cancel(reason=call.text))
    return Answer(f"{incident.key} is closed as a false alarm.")


CANCEL = Command(usage=_USAGE, about="closes a false alarm", run=_run)
