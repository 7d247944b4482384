"""``private``: the incident goes on where only those who belong to it read."""

from __future__ import annotations

from bot.incidents.commands.privacy import MakePrivate
from bot.slack.commands.command import Answer, Call, Command


async def _run(call: Call) -> Answer:
    incident = await call.do(MakePrivate(reason=call.text))
    if incident.status == "triage":
        return Answer(
            f"{incident.key} is private: its announcement says no more of it. `{call.name} open {incident.key}` "
            "opens it in a private channel."
        )
    return Answer(
        f"{incident.key} goes on in a private channel to which you and its responders are invited. "
        "What I posted here is emptied; what people wrote stays, and they can delete it."
    )


PRIVATE = Command(usage="private [why]", about="moves it to a private channel, as a safety incident is", run=_run)
