"""The walk through the runbook: measured, done, skipped, chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.incidents.events.event import Event
from bot.runbooks.schema import Runbook, Verdict


class RunbookAttached(Event, frozen=True):
    """The runbook that the incident walks, pinned in its long form for the service."""

    runbook: Runbook
    because: str = ""


class VersionsSeen(Event, frozen=True):
    """What traffic says is serving, and which version would be gone back to. None: cannot be told, ``because``.

    ``again_at``: more may be known then, so it is read again.
    """

    running: str | None = None
    target: str | None = None
    shares: dict[str, float] = {}
    because: str = ""
    again_at: datetime | None = None


class StepMeasured(Event, frozen=True):
    """A measuring step came to a verdict. ``because`` is the line people read: number, unit, n, age."""

    step: str
    attempt: int
    verdict: Verdict
    because: str
    value: float | None = None
    baseline: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    target: str | None = None
    running: str | None = None
    again_at: datetime | None = None  # "no data until then": the measurement is repeated
    evidence: dict[str, Any] = {}


class StepRerun(Event, frozen=True):
    """A person asked for the measurement again; ``attempt`` is the new one."""

    step: str
    attempt: int


class StepAssigned(Event, frozen=True):
    """``to`` (a Slack user id) does the step."""

    step: str
    to: str


class StepDone(Event, frozen=True):
    """A person did the step; ``answer`` is what they learned."""

    step: str
    answer: str = ""


class StepSkipped(Event, frozen=True):
    """A person passed the step over, and why."""

    step: str
    reason: str


class Chosen(Event, frozen=True):
    """A person decided. ``against`` is the suggestion that was overridden."""

    step: str
    option: str
    reason: str = ""
    against: str | None = None


class HelpAsked(Event, frozen=True):
    """A person asked for help with the question ``step``, which stays open."""

    step: str
    reason: str = ""
