"""``status``: where the incident stands; outside of an incident's channel, which ones are open."""

from __future__ import annotations

from bot.slack.commands.command import Answer, Call, Command
from bot.slack.commands.listing import listed
from bot.slack.view.status import status


async def _run(call: Call) -> Answer:
    if call.number is None:
        return await listed(call)
    shown = status(await call.incident(), call.desk.workplace)
    return Answer(shown["text"], shown["blocks"])


STATUS = Command(usage="status [INC-1]", about="says where it stands", run=_run)
