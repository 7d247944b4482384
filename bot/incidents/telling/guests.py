"""Going on beside another tool, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev


def _attached(event: ev.AttachedToChannel) -> str:
    whose = f" of {event.tool}" if event.tool else ""
    return f"goes on in a thread of #{event.name or event.channel}, a channel{whose or ' of somebody else'}"


TELLERS: Mapping[type, Callable[[Any], str]] = {ev.AttachedToChannel: _attached}
