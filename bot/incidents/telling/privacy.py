"""Privacy and holds, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev


def _private(event: ev.MadePrivate) -> str:
    what = "asked once more for a private channel" if event.again else "made it private"
    return f"{what}: {event.reason}" if event.reason else what


def _held(event: ev.HoldPlaced) -> str:
    because = f": {event.reason}" if event.reason else ""
    return f"placed a legal hold{because}; nothing of this incident is erased"


def _lifted(event: ev.HoldLifted) -> str:
    return f"lifted the legal hold: {event.reason}"


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.MadePrivate: _private,
    ev.HoldPlaced: _held,
    ev.HoldLifted: _lifted,
}
