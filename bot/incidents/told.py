"""What people told, asked for, explained and promised, as an incident keeps it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.incidents.events import WhyKind


class UpdateState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an audience was told."""

    seq: int
    audience: str
    text: str
    at: datetime
    by: str


class HelpState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody asked for help, with the question ``step`` open."""

    seq: int
    by: str
    at: datetime
    step: str
    reason: str = ""


class WhyState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer to "how was it possible?". Its text is in the log."""

    why: str
    parent: str | None
    role: WhyKind


class ItemState(msgspec.Struct, frozen=True, omit_defaults=True):
    """An action item. Its text is in the log."""

    item: str
    owner: str
    due: str
    done: bool = False
