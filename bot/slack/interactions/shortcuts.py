"""Shortcuts: a message goes into the timeline or becomes an incident; an incident is declared from anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.errors import Refused
from bot.incidents.commands import AddNote
from bot.slack.interactions.click import read_place
from bot.slack.interactions.desk import Desk, Place
from bot.slack.interactions.whereabouts import incident_of
from bot.slack.view.modals.frame import About
from bot.slack.view.modals.incident import declare
from bot.slack.view.modals.report import report


def used(desk: Desk) -> Callable[..., Awaitable[None]]:
    """The one listener of all shortcuts."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        place = read_place(body)
        async with desk.answering(place):
            shortcut = SHORTCUTS.get(str(body.get("callback_id", "")))
            if shortcut is None:
                raise Refused("unknown_shortcut", "I do not know this shortcut any more; nothing was changed.")
            await shortcut(desk, place, body)

    return listener


async def _declare(desk: Desk, place: Place, body: Mapping[str, Any]) -> None:
    view = declare(about=About(c=place.channel), services=desk.services)
    await desk.open(str(body.get("trigger_id", "")), view)


async def _report(desk: Desk, place: Place, body: Mapping[str, Any]) -> None:
    await desk.open(str(body.get("trigger_id", "")), report(about=About(c=place.channel), services=desk.services))


async def _from_message(desk: Desk, place: Place, body: Mapping[str, Any]) -> None:
    words = str((body.get("message") or {}).get("text") or "")
    title = words.strip().splitlines()[0] if words.strip() else ""
    view = declare(about=About(c=place.channel), services=desk.services, title=title, words=words)
    await desk.open(str(body.get("trigger_id", "")), view)


async def _to_timeline(desk: Desk, place: Place, body: Mapping[str, Any]) -> None:
    message: Mapping[str, Any] = body.get("message") or {}
    number = await incident_of(desk, place.channel, message)
    if number is None:
        here = "This is no incident's channel or thread, so there is no timeline to add it to."
        raise Refused("no_incident_here", here)
    delivery = f"{place.user}:{message.get('ts', '')}:{body.get('action_ts', '')}"
    await desk.carry_out(number, as_note(message, place.channel), by=place.user, delivery=delivery)
    await desk.whisper(place, f"It is in the timeline of INC-{number}, at the time when it was written.")


def as_note(message: Mapping[str, Any], channel: str) -> AddNote:
    """A message as a note, with its author, and with the time when it was written."""
    ts = str(message.get("ts") or "")
    return AddNote(
        text=str(message.get("text") or "(a message without text)"),
        author=str(message.get("user") or message.get("bot_id") or ""),
        written_at=written_at(ts),
        message=f"{channel}/{ts}",
    )


def written_at(ts: str) -> datetime | None:
    """When a message with this ``ts`` was written; None if it is no ``ts``."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


SHORTCUTS: Mapping[str, Callable[[Desk, Place, Mapping[str, Any]], Awaitable[None]]] = {
    "timeline.add": _to_timeline,
    "incident.from_message": _from_message,
    "incident.declare": _declare,
    "incident.report": _report,
}
