"""``redact``: what somebody wrote, or an alert said, is blanked for good."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import Refused
from bot.incidents.events import PEOPLES_TEXT, Entry
from bot.incidents.incident import Incident
from bot.incidents.timeline import timeline
from bot.service.redacting import FIRST
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.text import joined, said

_USAGE = "redact NUMBER"
_MOST = 12


async def _run(call: Call) -> Answer:
    incident = await call.incident()
    if not call.text:
        return Answer(_offered(call, await call.desk.service.entries(incident.number)))
    if not (call.text.isascii() and call.text.isdigit()):
        raise call.usage(_USAGE, "; without a number I list what can be redacted")
    seq = int(call.text[:9])
    after = await call.desk.service.redact(incident.number, seq, by=call.place.user)
    done = f"Entry {seq} of {incident.key} is blank now, in the log, in Slack and in its documents"
    return Answer(f"{done}; so is what its alerts said.{_besides(after)}" if seq == FIRST else f"{done}.")


def _besides(incident: Incident) -> str:
    """What is left to do by hand."""
    known = incident.together
    numbers = sorted({known.into, known.split_from, *known.split_off, *(one.number for one in known.merged)} - {0})
    others = joined([f"INC-{number}" for number in numbers[:_MOST]])
    there = f" Redact entry 1 of {others}, too: some of its alerts are or were there." if others else ""
    named = " Rename its channel if its name says too much." if incident.channel and not incident.private else ""
    return there + named


def _offered(call: Call, entries: Sequence[Entry]) -> str:
    """The newest entries that hold what somebody typed, each with what to type."""
    kinds = {entry.seq for entry in entries if type(entry.event).__name__ in PEOPLES_TEXT}
    lines = [line for line in timeline(entries) if line.seq in kinds][-_MOST:]
    if not lines:
        raise Refused("nothing_to_redact", "Nobody has typed anything here that could be redacted.")
    key = f"INC-{call.named} " if call.named is not None else ""
    listed = [f"• `{call.name} redact {key}{line.seq}` {said(line.text, 80)}" for line in lines]
    return "\n".join(["What can be blanked, for good:", *listed])


REDACT = Command(usage="redact [NUMBER]", about="blanks what somebody wrote, for good", run=_run)
