"""``note``: puts a sentence into the timeline."""

from __future__ import annotations

from bot.incidents.commands import AddNote
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.modals.incident import note


async def _run(call: Call) -> Answer | None:
    if not call.text:
        incident = await call.incident()
        await call.open(note(incident, about=call.about(incident)))
        return None
    incident = await call.do(AddNote(text=call.text))
    elsewhere = f" That goes on as INC-{incident.together.into}: write there, too." if incident.together.into else ""
    return Answer(f"It is in the timeline of {incident.key}.{elsewhere}")


NOTE = Command(usage="note [what you found]", about="adds to the timeline", run=_run)
