"""The line that says what was changed while people worked on the incident."""

from __future__ import annotations

from bot.changes.words import sentence, whose
from bot.incidents.incident import Incident
from bot.slack.view.text import said


def changed(incident: Incident) -> list[str]:
    """``Meanwhile: v43 released 03:20 UTC (deploy #882)``: the last two; nothing where nothing was."""
    told = [f"{whose(one, service=incident.service)}{sentence(one)}" for one in incident.changed[-2:]]
    return [said(f"Meanwhile: {'; '.join(told)}")] if told else []
