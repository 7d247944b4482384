"""The page: whoever is on call is mentioned where the incident lives, so that their Slack rings."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.oncall import on_call
from bot.incidents.told import HelpState
from bot.slack.view.blocks import message, section
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, people, person, said


def pages(incident: Incident) -> list[Surface]:
    """One message for each time somebody asked for help."""
    return [_page(incident, number, asked) for number, asked in enumerate(incident.help, 1)]


def _page(incident: Incident, number: int, asked: HelpState) -> Surface:
    paged = [who for who in on_call(incident) if who != asked.by]
    why = f": {said(asked.reason, 300)}" if asked.reason else "."
    asks = f"{person(asked.by)} asks for help with {incident.key}, {at(asked.at)}{why}"
    line = f":sos: {people(paged)}: {asks}" if paged else f":sos: {asks}"
    lines = [line, *([] if paged else [_nobody(incident)])]
    content = message(line, [section(lines)])
    return Surface(key=f"help:{number}", kind="message", content=content, needs=where(incident))


def _nobody(incident: Incident) -> str:
    owner = said(incident.owner or "the service", 60)
    return f"Nobody else is on call for {owner} in evenkeel.yaml (`oncall`): mention somebody by hand."
