"""``merge INC-2``: what is walked there goes on in this channel's incident."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.errors import Refused
from bot.slack.commands.command import Answer, Call, Command

_USAGE = "merge INC-2"
_INTO = re.compile(r"(?i)(?:into\s+)?inc-(\d{1,9})")


async def _run(call: Call) -> Answer:
    if call.named is None:
        raise call.usage(_USAGE, f" in the channel in which it is to go on, or `{call.name} merge INC-2 into INC-1`")
    other = await call.incident()
    into = await _into(call)
    await replace(call, number=into).incident()  # whoever may not read of it merges nothing into it
    both = await call.desk.service.merging.merge(
        other.number, into=into, by=call.place.user, delivery=call.delivery or None
    )
    came = f"{both.other.alerts:,} alert{'s' if both.other.alerts != 1 else ''}"
    undo = f"If that was wrong, `{call.name} split` takes alerts out again."
    return Answer(f"{both.other.key} goes on as {both.incident.key}, with {came} and its people. {undo}")


async def _into(call: Call) -> int:
    """The incident in which the other one goes on: that of the channel, unless one is named."""
    if call.text:
        named = _INTO.fullmatch(call.text)
        if named is None:
            raise call.usage(_USAGE, f", or `{call.name} merge INC-2 into INC-1`")
        return int(named[1])
    here = await call.desk.service.in_channel(call.place.channel)
    if here is None:
        hint = f"Type `{call.name} merge INC-{call.named} into INC-1`, or type it in the channel of INC-1."
        raise Refused("no_incident_here", f"This is no incident's channel. {hint}")
    return here


MERGE = Command(usage=_USAGE, about="lets that incident go on in this one, with its alerts and people", run=_run)
