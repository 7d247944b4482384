"""Declaring an incident: from the modal, whoever opened it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Refused
from bot.service import Declaration
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.text import said


async def declare(desk: Desk, inputs: Mapping[str, str], *, place: Place, delivery: str) -> None:
    """The incident is open, and whoever declared it knows its number. Raises ``Refused`` at the field."""
    title, service = inputs.get("title", "").strip(), inputs.get("service", "").strip()
    if not title:
        raise Refused("needs_title", "Say what is wrong, in a few words.", field="title")
    if not service:
        raise Refused("needs_service", "Say which service it is about.", field="service")
    declaration = Declaration(
        title=title, service=service, severity=inputs.get("severity") or None, text=inputs.get("text", "").strip()
    )
    incident = await desk.service.declare(declaration, by=place.user, team_id=place.team, delivery=delivery)
    where = f" in <#{incident.channel}>" if incident.channel else "; you are invited to its channel"
    await desk.whisper(place, f"{incident.key} is open{where}: {said(incident.title, 200)}")
