"""An alert as a value, whoever sent it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it was sent once. ``(source, fingerprint, starts_at)`` names it, however often it is sent.

    ``ends_at`` is None while nobody knows an end. ``url`` shows it at its source; ``summary`` is the sentence that a
    person reads. With ``dated`` False its source does not say when it began: ``starts_at`` is when that was heard,
    and it is the one that fires under its fingerprint already, if any does.
    """

    source: str
    fingerprint: str
    status: Literal["firing", "resolved"]
    name: str
    starts_at: datetime
    ends_at: datetime | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    url: str = ""
    summary: str = ""
    dated: bool = True

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What names it."""
        return (self.source, self.fingerprint, self.starts_at)


class Batch(msgspec.Struct, frozen=True):
    """What one request brought; ``truncated`` is how many alerts its sender left out.

    ``unreadable`` is how many of it could not be read, ``reasons`` why the first of them could not.
    """

    alerts: tuple[Alert, ...]
    truncated: int = 0
    unreadable: int = 0
    reasons: tuple[str, ...] = ()
