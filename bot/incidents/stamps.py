"""Times inside texts: written as ISO stamps in UTC, drawn by each surface for its reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

_STAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def stamp(at: datetime) -> str:
    """``2026-11-21T02:51:00Z``: a time as it stands in a text of the log."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def draw_stamps(text: str, draw: Callable[[datetime], str]) -> str:
    """``text`` with every stamp drawn by ``draw``; an impossible date stays as it was written."""

    def one(match: re.Match[str]) -> str:
        try:
            return draw(datetime.strptime(match[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
        except ValueError:
            return match[0]

    return _STAMP.sub(one, text)


def clock(at: datetime) -> str:
    """``02:51 UTC``: for documents and terminals."""
    return at.astimezone(UTC).strftime("%H:%M UTC")


def clock_on(day: datetime) -> Callable[[datetime], str]:
    """``02:51 UTC``, with the date in front when it is another day than ``day``'s."""
    today = day.astimezone(UTC).date()

    def draw(at: datetime) -> str:
        there = at.astimezone(UTC)
        return clock(at) if there.date() == today else f"{there:%Y-%m-%d} {clock(at)}"

    return draw
