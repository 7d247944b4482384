"""``hold``: a legal hold; nothing of the incident is erased while it lasts."""

from __future__ import annotations

from bot.incidents.commands.privacy import SetHold
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "hold on|off [why]"


async def _run(call: Call) -> Answer:
    word, _, reason = call.text.partition(" ")
    if word.lower() not in ("on", "off"):
        raise call.usage(_USAGE, ", for example `hold on case 2026-17`")
    incident = await call.do(SetHold(on=word.lower() == "on", reason=reason))
    if incident.held:
        into = (
            f" Its alerts are in INC-{incident.together.into}: hold that one, too." if incident.together.into else ""
        )
        held = f"{incident.key} is held: nothing of it is erased or redacted until `{call.name} hold off`."
        return Answer(held + into)
    return Answer(f"{incident.key} is not held any more.")


HOLD = Command(usage=_USAGE, about="keeps everything of it from being erased", run=_run)
