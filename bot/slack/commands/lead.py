"""``lead``: takes the lead, or gives it to somebody."""

from __future__ import annotations

from bot.incidents.commands import TakeLead
from bot.slack.commands.command import Answer, Call, Command, mentioned

_USAGE = "lead [@somebody]"


async def _run(call: Call) -> Answer:
    lead = mentioned(call.text) or (call.place.user if call.text in ("", "me") else None)
    if lead is None:
        raise call.usage("lead @somebody", f" with a name from Slack's list, or `{call.name} lead` to lead yourself")
    incident = await call.do(TakeLead(lead=lead))
    return Answer("You lead." if incident.lead == call.place.user else f"<@{incident.lead}> leads.")


LEAD = Command(usage=_USAGE, about="takes the lead, or gives it to somebody", run=_run)
