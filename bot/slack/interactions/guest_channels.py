"""Channels that other tools open: those called as evenkeel.yaml says get a walk by themselves.

Only one whose name holds a service's, or if there is a usual one: what says nothing of our services is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import structlog

from bot.errors import Refused, SlackRefusal
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.guests import refused_there, service_in
from bot.service.guests import Invitation
from bot.service.opening import SLACK
from bot.slack.interactions.desk import Desk

log = structlog.get_logger(__name__)


async def opened(desk: Desk, event: Mapping[str, Any], delivery: str) -> None:
    """A public channel was created or renamed; not one of ours."""
    channel: Mapping[str, Any] = event.get("channel") or {}
    found, name = str(channel.get("id") or ""), str(channel.get("name") or "")
    if not _fits(desk, name) or channel.get("creator") == await desk.bot_user():
        return
    await _walk(desk, AttachToChannel(channel=found, name=name), delivery)


async def joined(desk: Desk, event: Mapping[str, Any], delivery: str) -> None:
    """Somebody invited the bot into a channel, which may be private."""
    if event.get("user") != await desk.bot_user():
        return
    found = str(event.get("channel") or "")
    if await _waited_for(desk, found, delivery) or not desk.attach.channels:
        return
    try:
        answer = await desk.history("conversations.info", {"channel": found})
    except SlackRefusal as refused:
        log.warning("channel_not_seen", channel=found, code=refused.code)
        return
    channel: Mapping[str, Any] = answer.get("channel") or {}
    name = str(channel.get("name") or "")
    if not _fits(desk, name) or channel.get("creator") == await desk.bot_user():
        return
    await _walk(desk, AttachToChannel(channel=found, name=name, private=bool(channel.get("is_private"))), delivery)


async def _waited_for(desk: Desk, channel: str, delivery: str) -> bool:
    """Whether an incident waits in front of the channel, as Slack let it not in: now it goes in."""
    number = await desk.service.in_channel(channel)
    incident = await desk.service.incident(number) if number is not None else None
    if incident is None or not refused_there(incident) or incident.status != "open":
        return False
    where = AttachToChannel(channel=channel, name=incident.channel_name)
    try:
        await desk.carry_out(incident.number, where, by=SLACK, delivery=delivery)
    except Refused as refused:
        log.info("not_attached", channel=channel, because=str(refused))
    return True


def _fits(desk: Desk, name: str) -> bool:
    return bool(name) and any(re.search(pattern, name) for pattern in desk.attach.channels)


async def _walk(desk: Desk, where: AttachToChannel, delivery: str) -> None:
    about = service_in(where.name, desk.services) or desk.attach.service
    if not about or not where.channel:
        return
    invitation = Invitation(where=where, source=SLACK, service=about, once=True, asks=True)
    try:
        await desk.service.guests.attach(invitation, by=SLACK, delivery=delivery)
    except Refused as refused:
        log.info("not_attached", channel=where.channel, because=str(refused))
