"""``update``: tells stakeholders, beginning with the words of the runbook's open update."""

from __future__ import annotations

from bot.incidents.walk import open_steps
from bot.runbooks.schema import Update
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.modals.incident import update


async def _run(call: Call) -> Answer | None:
    incident = await call.incident()
    step = next((step for step in open_steps(incident) if isinstance(step.spec, Update)), None)
    about = call.about(incident, step=step.id if step else "", attempt=incident.state(step.id).attempt if step else 0)
    await call.open(update(incident, call.desk.workplace, step, about=about))
    return None


UPDATE = Command(usage="update", about="tells stakeholders", run=_run)
