"""``silence``: the incident's alerts are silent where they come from, for a while."""

from __future__ import annotations

from bot.incidents.commands.silences import LiftSilences
from bot.incidents.incident import Incident
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.silences import silences
from bot.slack.view.text import on
from bot.yaml.durations import seconds

_USAGE = "silence 2h | off"
_OFF = ("off", "end", "stop")


async def _run(call: Call) -> Answer:
    if call.text.lower() in _OFF:
        incident = await call.do(LiftSilences())
        return Answer(f"The alerts of {incident.key} are heard again in a moment.")
    if not call.text:
        return Answer(_standing(await call.incident(), call))
    duration = seconds(call.text)
    if duration is None:
        raise call.usage(_USAGE, ": a number and `m` or `h`, 24 h at most")
    incident = await call.incident()
    handled = await call.desk.service.silences.ask(
        incident.number, duration, by=call.place.user, delivery=call.delivery
    )
    state = list(handled.incident.silences.values())[-1]
    count = len(state.alerts)
    what = f"{count} alert{'s' if count != 1 else ''} of {incident.key}, and no others,"
    until = f"until {on(state.until)}, or until the incident is over"
    return Answer(f"{what} will be silent at the source {until}. `{call.name} silence off` ends it.")


def _standing(incident: Incident, call: Call) -> str:
    told = silences(incident)
    if told:
        return f"{incident.key}: {told[0]}. `{call.name} silence off` ends it."
    return f"No alert of {incident.key} is silenced. `{call.name} silence 2h` silences those that fire."


SILENCE = Command(usage=_USAGE, about="silences its alerts where they come from, 24 h at most", run=_run)
