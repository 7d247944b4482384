"""``action``: promises something, by somebody, until a day."""

from __future__ import annotations

from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.modals.learning import action_item


async def _run(call: Call) -> Answer | None:
    incident = await call.incident()
    today = call.desk.now().date()
    await call.open(action_item(incident, about=call.about(incident), today=today, owner=call.place.user))
    return None


ACTION = Command(usage="action", about="adds an action item to the postmortem", run=_run)
