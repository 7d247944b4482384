"""``report``: says that something is wrong, without declaring an incident; reports are counted."""

from __future__ import annotations

from bot.alerts.reports import KINDS
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.interactions.reporting import report
from bot.slack.view.modals.frame import About
from bot.slack.view.modals.report import report as asked

_SEVERITIES = ("sev1", "sev2", "sev3", "sev4")


async def _run(call: Call) -> Answer | None:
    inputs = _read(call.text, call.desk.services)
    if inputs is None:
        about = About(c=call.place.channel)
        await call.open(asked(about=about, services=call.desk.services, words=call.text))
        return None
    return Answer(await report(call.desk, inputs, place=call.place, delivery=call.delivery))


def _read(text: str, services: tuple[str, ...]) -> dict[str, str] | None:
    """``fraud-scorer crash it closes when I pay``; None if it does not say which service."""
    service, _, rest = text.partition(" ")
    if service not in services or not rest.strip():
        return None
    found = {"service": service, "text": rest.strip()}
    for name, known in (("kind", KINDS), ("severity", _SEVERITIES)):
        word, _, after = found["text"].partition(" ")
        if word.lower() in known and after.strip():
            found |= {name: word.lower(), "text": after.strip()}
    return found


REPORT = Command(
    usage="report [SERVICE [crash|beta] [sev2] what you noticed]", about="reports a problem; reports are counted",
    run=_run,
)  # fmt: skip
