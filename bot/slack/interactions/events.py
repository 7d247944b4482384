"""Events: pushpins go into the timeline, and so does the end of a channel. Acknowledged after the commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.errors import Refused, SlackError, SlackRefusal
from bot.incidents.archiving import is_archived
from bot.incidents.commands import AddNote
from bot.incidents.commands.archiving import LoseChannel
from bot.slack.interactions import guest_channels
from bot.slack.interactions.desk import Desk, Place, sentence
from bot.slack.interactions.shortcuts import as_note, written_at
from bot.slack.interactions.whereabouts import incident_of, may_live_in_a_thread
from bot.slack.view.text import said

PUSHPIN = "pushpin"
Next = Callable[[], Awaitable[Any]]


def happened(desk: Desk) -> Callable[..., Awaitable[None]]:
    """What stands before every event's acknowledgement.

    Whatever is raised here makes Slack deliver the event again; a refusal is final and does not.
    """

    async def before_ack(body: dict[str, Any], next_: Next) -> None:
        event: Mapping[str, Any] = body.get("event") or {}
        meaning = EVENTS.get(str(event.get("type", "")))
        if meaning is not None:
            await meaning(desk, event, str(body.get("event_id", "")))
        await next_()

    return before_ack


async def _reaction(desk: Desk, event: Mapping[str, Any], delivery: str) -> None:
    item: Mapping[str, Any] = event.get("item") or {}
    channel, ts = str(item.get("channel") or ""), str(item.get("ts") or "")
    if event.get("reaction") != PUSHPIN or item.get("type") != "message":
        return
    if await desk.service.in_channel(channel) is None and not await may_live_in_a_thread(desk):
        return
    place = Place(user=str(event.get("user", "")), channel=channel)
    try:
        message = await _message(desk, channel, ts)
        number = await incident_of(desk, channel, message or {"ts": ts})
        note = as_note(message, channel) if message else _unread(event, channel, ts)
        if number is not None:
            await desk.carry_out(number, note, by=place.user, delivery=delivery)
    except SlackRefusal as error:
        await desk.whisper(place, _without_history(error))
    except Refused as refused:
        await desk.whisper(place, sentence(refused))


async def _message(desk: Desk, channel: str, ts: str) -> Mapping[str, Any] | None:
    """The message at ``ts``; answers in threads are not in the channel's history."""
    for method in ("conversations.history", "conversations.replies"):
        arguments = {"channel": channel, "latest": ts, "oldest": ts, "inclusive": True, "limit": 1}
        arguments |= {"ts": ts} if method == "conversations.replies" else {}
        try:
            answer = await desk.history(method, arguments)
        except SlackError as error:
            if error.code == "thread_not_found":
                return None
            raise
        found = next((message for message in answer.get("messages", ()) if message.get("ts") == ts), None)
        if found is not None:
            return dict(found)
    return None


def _unread(event: Mapping[str, Any], channel: str, ts: str) -> AddNote:
    text, author = "(a message that Slack did not show)", str(event.get("item_user") or "")
    return AddNote(text=text, author=author, written_at=written_at(ts), message=f"{channel}/{ts}")


def _without_history(error: SlackRefusal) -> str:
    if error.code in ("missing_scope", "no_permission"):
        cure = "I may not read messages here: the app lacks the scope `channels:history` (`groups:history` in private"
        return f"{cure} channels). Nothing was added; use the message shortcut “Add to timeline” instead."
    return said(f"Slack did not show me that message ({error.code}). Nothing was added.")


async def _channel_gone(desk: Desk, event: Mapping[str, Any], delivery: str) -> None:
    """The incident goes on without its channel; its timeline says so."""
    channel = str(event.get("channel") or "")
    number = await desk.service.in_channel(channel)
    if number is None or is_archived(await desk.service.incident(number)):  # the log says so, if it was us
        return
    words = {"channel_archive": "archived", "channel_unarchive": "taken out of the archive"}
    what = words.get(str(event.get("type", "")), "deleted")
    note = AddNote(text=f"The incident's channel was {what} in Slack.", author=str(event.get("user") or ""))
    by = str(event.get("user") or "slack")
    await desk.carry_out(number, note, by=by, delivery=delivery)
    if what != words["channel_unarchive"]:
        await desk.carry_out(number, LoseChannel(channel=channel), by=by, delivery=f"{delivery}/channel")


EVENTS: Mapping[str, Callable[[Desk, Mapping[str, Any], str], Awaitable[None]]] = {
    "reaction_added": _reaction,
    "channel_created": guest_channels.opened,
    "channel_rename": guest_channels.opened,
    "member_joined_channel": guest_channels.joined,
    "channel_archive": _channel_gone,
    "channel_deleted": _channel_gone,
    "channel_unarchive": _channel_gone,
    "group_archive": _channel_gone,
    "group_deleted": _channel_gone,
}
