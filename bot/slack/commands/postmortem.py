"""``postmortem``: where the draft is, and what it still needs."""

from __future__ import annotations

from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.learning import postmortem


async def _run(call: Call) -> Answer:
    shown = postmortem(await call.incident(), call.desk.workplace)
    return Answer(shown["text"], shown["blocks"])


POSTMORTEM = Command(usage="postmortem", about="opens the draft of the postmortem", run=_run)
