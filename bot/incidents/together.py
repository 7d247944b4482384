"""What the head knows of its alerts together: how many fire, which flap, and which incidents became one or two."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.acting import State


class Merged(State, frozen=True):
    """An incident that goes on here."""

    number: int
    title: str
    service: str
    at: datetime
    seq: int = 0  # the entry that says so


class Together(State, frozen=True):
    """``firing`` is how many alerts fire, as far as their sources said.

    ``joined`` are the names of those that joined last, at ``joined_at``. ``quiet_since``: all of them are over since
    then. ``flapping``: those of which that was said, source and fingerprint -> name.
    """

    firing: int = 0
    joined: tuple[str, ...] = ()
    joined_at: datetime | None = None
    quiet_since: datetime | None = None
    proposed_at: datetime | None = None  # when the card proposed to resolve
    kept_open_by: str = ""  # who says that it is not over although no alert fires
    proposes_after: float = 600.0
    resolves_after: float | None = None
    flapping: dict[str, str] = {}
    merged: tuple[Merged, ...] = ()
    into: int = 0  # the incident as which this one goes on
    into_channel: str = ""
    split_off: tuple[int, ...] = ()
    split_from: int = 0
    held_back: str = ""  # what keeps an alert like its own quiet, which fires


def flap_key(source: str, fingerprint: str) -> str:
    """What names an alert in ``flapping``, whenever it began."""
    return f"{source} {fingerprint}"
