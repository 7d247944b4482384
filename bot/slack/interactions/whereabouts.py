"""Which incident is meant by a place: the one of the channel, else one that lives in a thread there.

Where no channel may be created, an incident lives in the thread under its announcement in the incidents channel.
Commands cannot be typed in a thread, so in that channel the only open incident of this kind is meant; a message
belongs to the incident whose announcement heads its thread, which its metadata tell. What is typed in the channel
that an incident left to go on as a guest is about that incident still.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import Refused, SlackError
from bot.incidents.incident import Incident
from bot.slack.interactions.desk import Desk

_OWN = re.compile(r"inc-(\d{1,9})(?!\d)")
_HEAD = re.compile(r"INC-(\d{1,9})/announcement")


async def in_threads(desk: Desk, *, channel: str, name: str) -> tuple[Incident, ...]:
    """The open incidents that live in threads of the channel, the newest first; none if it is another channel."""
    if desk.workplace.incidents_channel.removeprefix("#") not in (channel, name):
        return ()
    return tuple(await desk.service.in_threads("open"))


async def moved_out(desk: Desk, *, channel: str, name: str) -> int | None:
    """The incident whose own channel this is, and which goes on as a guest elsewhere; None if it is no such one."""
    called = _OWN.match(name)
    if called is None:
        return None
    try:
        incident = await desk.service.incident(int(called[1]))
    except Refused:  # a channel of another tool, which counts incidents, too
        return None
    return incident.number if incident.home == channel else None


async def incident_of(desk: Desk, channel: str, message: Mapping[str, Any]) -> int | None:
    """The incident of the message's channel, else of its thread. Raises ``SlackError``."""
    number = await desk.service.in_channel(channel)
    if number is not None or not await may_live_in_a_thread(desk):
        return number
    head = await _head(desk, channel, str(message.get("thread_ts") or message.get("ts") or ""))
    payload = (head.get("metadata") or {}).get("event_payload") or {}
    installation, _, surface = str(payload.get("surface", "")).partition("/")
    found = _HEAD.fullmatch(surface) if installation == desk.workplace.installation else None
    return int(found[1]) if found else None


async def may_live_in_a_thread(desk: Desk) -> bool:
    """Whether any incident lives in a thread: else nobody's messages need to be read to know."""
    return bool(await desk.service.in_threads(limit=1))


async def _head(desk: Desk, channel: str, ts: str) -> Mapping[str, Any]:
    """The message at the head of the thread, with its metadata; empty if there is none."""
    asked = {"channel": channel, "ts": ts, "limit": 1, "include_all_metadata": True}
    try:
        answer = await desk.history("conversations.replies", asked)
    except SlackError as error:
        if error.code == "thread_not_found":
            return {}
        raise
    return next((message for message in answer.get("messages", ()) if message.get("ts") == ts), {})
