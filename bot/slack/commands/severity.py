"""``severity``: says how bad it is."""

from __future__ import annotations

from bot.incidents.commands import SetSeverity
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "severity sev1|sev2|sev3|sev4 [why]"


async def _run(call: Call) -> Answer:
    level, _, reason = call.text.partition(" ")
    if not level:
        raise call.usage(_USAGE)
    severity = f"SEV{level}" if level in ("1", "2", "3", "4") else level
    incident = await call.do(SetSeverity(severity=severity, reason=reason.strip()))
    waits = f" Nobody has opened it yet: `{call.name} open {incident.key}`." if incident.status == "triage" else ""
    return Answer(f"{incident.key} is {incident.severity}.{waits}")


SEVERITY = Command(usage=_USAGE, about="says how bad it is", run=_run)
