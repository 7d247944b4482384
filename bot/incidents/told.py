"""What people told, asked for, suspected, explained and promised, as an incident keeps it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.incidents.events import Judged, WhyKind


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


class HypothesisState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody suspects, and how it stands. ``seq`` and ``judged_seq`` are the entries that hold the words."""

    number: int
    text: str
    seq: int
    by: str
    judged: Judged = "open"
    evidence: str = ""
    judged_seq: int = 0
    judged_by: str = ""


class TieState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Runbooks that fit equally well, ids -> titles; ``chosen`` by ``by`` once a person has decided."""

    runbooks: dict[str, str]
    chosen: str = ""
    by: str = ""
    at: datetime | None = None


class InputState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person said for an input of the runbook."""

    value: str
    seq: int
    by: str


class Pin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which runbook an incident holds: its text is in the log."""

    id: str
    version: int
    sha256: str = ""
    at: datetime | None = None
