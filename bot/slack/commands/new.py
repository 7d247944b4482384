"""``new``: declares an incident."""

from __future__ import annotations

from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.modals.frame import About
from bot.slack.view.modals.incident import declare


async def _run(call: Call) -> Answer | None:
    about = About(c=call.place.channel)
    await call.open(declare(about=about, services=call.desk.services, title=call.text))
    return None


NEW = Command(usage="new [what is wrong]", about="declares an incident", run=_run)
