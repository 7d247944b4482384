"""What the steps ask for: work to run, events that are due, and moments to wake at."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from bot.incidents import events as ev

WorkKind = Literal[
    "versions", "measure", "chart", "jump", "readiness", "act", "confirm", "settle", "look", "oncall", "page", "hush",
    "read", "rehearse", "outside", "dry_run", "silence", "silence_look", "unsilence",
    "unsilence_some", "link", "archive",
]  # fmt: skip


class Work(msgspec.Struct, frozen=True):
    """Something to run. The same work is never run twice at once: it is its own key."""

    kind: WorkKind
    step: str = ""
    attempt: int = 1


class Agenda(msgspec.Struct, frozen=True):
    """``work`` to run now, ``due`` events to append now, and the next moment at which either may change."""

    work: tuple[Work, ...] = ()
    due: tuple[ev.AnyEvent, ...] = ()
    wake_at: datetime | None = None


class Found:
    """Collects what the steps ask for."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.work: list[Work] = []
        self.due: list[ev.AnyEvent] = []
        self.later: list[datetime] = []

    def reached(self, at: datetime) -> bool:
        """Whether ``at`` is past; if not, it is remembered as a moment to wake at."""
        if at <= self.now:
            return True
        self.later.append(at)
        return False


def again(at: datetime | None, found: Found) -> bool:
    """Whether there is such a moment and it is past; if it is to come, it is remembered."""
    return at is not None and found.reached(at)
