"""What stakeholders are told, each audience in its channel."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.told import UpdateState
from bot.slack.view.blocks import context, message, quoted, section
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import at, person, said


def updates(incident: Incident, workplace: Workplace) -> list[Surface]:
    """One message for each update, in the channel of its audience; redrawn only if it is redacted."""
    return [_update(incident, update, workplace) for update in incident.updates]


def _update(incident: Incident, update: UpdateState, workplace: Workplace) -> Surface:
    head = f"*{said(incident.service, 80)}* · {incident.key} · {incident.severity or 'SEV?'}"
    small = [f"for {said(update.audience, 60)}", f"by {person(update.by)}", at(update.at)]
    if workplace.sandbox:
        small.append("synthetic data")
    blocks = [section([head, quoted(update.text)]), context(small)]
    text = f"{incident.key}, {said(incident.service, 80)}: {said(update.text, 300)}"
    place = workplace.audiences.get(update.audience, workplace.stakeholders_channel)
    return Surface(key=f"update:{update.seq}", kind="message", content=message(text, blocks), place=place)
