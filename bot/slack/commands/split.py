"""``split``: takes alerts that are another matter out of the incident, into one of their own."""

from __future__ import annotations

from bot.errors import Refused
from bot.slack.commands.command import Call, Command
from bot.slack.view.modals.split import split
from bot.slack.view.text import said


async def _run(call: Call) -> None:
    incident = await call.incident()
    words = call.text.strip()
    kinds = await call.desk.service.merging.kinds(incident.number, words)
    if words and not kinds:
        raise Refused("nothing_to_split", f"No alert of {incident.key} is called or labelled “{said(words, 80)}”.")
    if not words and len(kinds) < 2 and incident.alerts > 1:
        alike = "have one name, service and failure mode, and are too many to choose from one by one"
        cure = f"`{call.name} split region=eu` takes all that have a label"
        raise Refused("nothing_to_split", f"All {incident.alerts:,} alerts of {incident.key} {alike}; {cure}.")
    if not words and len(kinds) < 2:
        raise Refused("nothing_to_split", f"{incident.key} has no second alert: there is nothing to split.")
    await call.open(split(incident, kinds, about=call.about(incident), command=call.name))


SPLIT = Command(
    usage="split [WORDS|LABEL=VALUE]", about="takes alerts that are another matter into an incident of their own",
    run=_run,
)  # fmt: skip
