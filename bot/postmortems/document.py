"""The postmortem as a value: what every format renders. Times are aware UTC, durations seconds."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Value(msgspec.Struct, frozen=True):
    """Base of the values below."""


class Clock(Value, frozen=True):
    """One of the durations that are reported; ``seconds`` None: it did not come to that."""

    name: str
    seconds: float | None
    note: str = ""


class Moment(Value, frozen=True):
    """One line of the timeline."""

    at: datetime
    who: str
    text: str


class Measurement(Value, frozen=True):
    """What one measuring step found."""

    step: str
    verdict: str
    because: str
    value: float | None = None
    baseline: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    at: datetime | None = None


class RollbackRecord(Value, frozen=True):
    """One attempt to change the world: versions, people by role, and the three clocks."""

    step: str
    outcome: str
    running: str
    target: str
    requested_at: datetime | None
    approved_at: datetime | None
    safe_at: datetime | None
    budget: float
    breached: bool
    share: float | None = None
    undo: bool = False
    rehearsed: str = ""  # how its rehearsal in staging ended; empty: it has none
    yes: str = ""  # whose yes it was, by role; empty: nobody decided
    glass: bool = False  # it began without an approver


class Why(Value, frozen=True):
    """One answer to "how was it possible?", numbered as an outline: ``2.1`` explains ``2``."""

    number: str
    depth: int
    role: str
    text: str


class ActionItem(Value, frozen=True):
    """Something somebody owns until a day (``YYYY-MM-DD``)."""

    text: str
    role: str
    owner: str
    due: str
    done: bool


class Suspicion(Value, frozen=True):
    """What somebody suspected, and how it stood in the end: ``open``, ``supported`` or ``ruled out``."""

    number: int
    text: str
    judged: str
    evidence: str = ""


class Postmortem(Value, frozen=True):
    """The whole document. Texts are plain; every format escapes them for itself."""

    key: str
    title: str
    status: str
    severity: str
    service: str
    failure_mode: str
    owner: str
    runbook: str
    opened_at: datetime
    drafted_at: datetime
    summary: str
    impact: tuple[str, ...]
    clocks: tuple[Clock, ...]
    trigger: tuple[str, ...]
    detection: tuple[str, ...]
    resolution: tuple[str, ...]
    timeline: tuple[Moment, ...]
    well: tuple[str, ...]
    badly: tuple[str, ...]
    lucky: tuple[str, ...]
    whys: tuple[Why, ...]
    items: tuple[ActionItem, ...]
    versions: tuple[str, ...]
    measurements: tuple[Measurement, ...]
    rollbacks: tuple[RollbackRecord, ...]
    watch: str
    updates: tuple[Moment, ...]
    missing: tuple[str, ...]
    hypotheses: tuple[Suspicion, ...] = ()
