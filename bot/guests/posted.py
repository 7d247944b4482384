"""Our own words, for tools whose workflows can send JSON, such as PagerDuty's, and for scripts."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from bot.errors import BadRequest
from bot.guests.tool import Invited, decoded

_KEY = re.compile(r"(?i)inc-(\d{1,9})")
CHANNEL = re.compile(r"[CG][A-Z0-9]{6,40}")

_TOOL = re.compile(r"[A-Za-z0-9 ._-]{0,60}")

_Text = Annotated[str, msgspec.Meta(max_length=300)]


class AttachBody(msgspec.Struct):
    """``channel`` is the id of the channel in Slack; ``incident`` or ``service`` says what it is about."""

    channel: Annotated[str, msgspec.Meta(max_length=60)]
    incident: _Text = ""
    service: _Text = ""
    channel_name: _Text = ""
    title: _Text = ""
    severity: _Text = ""
    url: Annotated[str, msgspec.Meta(max_length=1500)] = ""
    tool: _Text = ""


_decoder = msgspec.json.Decoder(AttachBody)


def posted(body: bytes) -> tuple[Invited, str]:
    """The invitation, and whose it is. Raises ``BadRequest``."""
    read = decoded(body, _decoder, called="an invitation into a channel")
    named = _KEY.fullmatch(read.incident.strip())
    if read.incident.strip() and named is None:
        raise BadRequest("not an invitation into a channel: `$.incident` is not like INC-1")
    if not _TOOL.fullmatch(read.tool):
        raise BadRequest("not an invitation into a channel: `$.tool` is a name such as PagerDuty")
    if not CHANNEL.fullmatch(read.channel):
        raise BadRequest("not an invitation into a channel: `$.channel` has to be a channel's id, such as C0123ABCD")
    invited = Invited(
        channel=read.channel, name=read.channel_name.removeprefix("#"), title=read.title, severity=read.severity,
        url=read.url, service=read.service.strip(), number=int(named[1]) if named else None,
        words=(read.title, read.channel_name),
    )  # fmt: skip
    return invited, read.tool
