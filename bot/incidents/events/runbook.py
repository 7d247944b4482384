"""The walk through the runbook: measured, done, skipped, chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from bot.incidents.events.candidates import Candidate
from bot.incidents.events.event import Event
from bot.runbooks.schema import Runbook, Verdict


class RunbookAttached(Event, frozen=True):
    """The runbook that the incident walks, pinned in its long form for the service, with the ``text`` of its file.

    A second one is walked ``after`` the one before it, or ``instead`` of what is left of that.
    """

    runbook: Runbook
    because: str = ""
    text: str = ""
    walk: Literal["alone", "after", "instead"] = "alone"


class RunbookSwitched(Event, frozen=True):
    """The lead went over to a newer version of the same runbook; what is finished is carried by the steps' ids."""

    runbook: Runbook
    before: int  # the version that was walked until now
    text: str = ""


class RunbooksTied(Event, frozen=True):
    """Several runbooks fit equally well: a person chooses. ``runbooks`` are ids -> titles."""

    runbooks: dict[str, str]


class RunbookKept(Event, frozen=True):
    """A person chose to go on with the runbook that is walked already."""

    runbook: str


class InputGiven(Event, frozen=True):
    """A person said what the runbook could not know."""

    name: str
    value: str


class VersionsSeen(Event, frozen=True):
    """What traffic says is serving, and which version would be gone back to. None: cannot be told, ``because``.

    ``again_at``: more may be known then, so it is read again. ``candidates`` are the last versions before the
    running one by the registry, the newest first, ``aliases`` what the registry calls which; ``unsure`` is what is
    not known about the target, and ``says`` what people have to know besides.
    """

    running: str | None = None
    target: str | None = None
    shares: dict[str, float] = {}
    because: str = ""
    again_at: datetime | None = None
    candidates: tuple[Candidate, ...] = ()
    aliases: dict[str, str] = {}
    unsure: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


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
    """The measurement is asked for again (a person, a wait, late news); ``attempt`` is the new one."""

    step: str
    attempt: int


class StepAssigned(Event, frozen=True):
    """``to`` (a Slack user id) does the step."""

    step: str
    to: str


class StepDone(Event, frozen=True):
    """A person did the step; ``answer`` is what they learned, ``fields`` what they filled in, by name."""

    step: str
    answer: str = ""
    fields: dict[str, str] = {}


class StepSkipped(Event, frozen=True):
    """A person passed the step over, and why."""

    step: str
    reason: str


class VerdictOverridden(Event, frozen=True):
    """A person says what a measurement means, whatever it came to, and why."""

    step: str
    attempt: int
    verdict: Literal["ok", "bad"]
    reason: str


class WaitStarted(Event, frozen=True):
    """Time has to go by, ``until`` at the latest."""

    step: str
    attempt: int
    until: datetime


class WaitEnded(Event, frozen=True):
    """The time is over, or what was waited for holds."""

    step: str
    attempt: int
    because: str = ""


class UpdateDue(Event, frozen=True):
    """It is time to tell an audience again; ``attempt`` is the new one."""

    step: str
    attempt: int


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


RunbookEvent = (
    RunbookAttached | RunbookSwitched | RunbooksTied | RunbookKept | InputGiven | VersionsSeen
    | StepMeasured | StepRerun | StepAssigned | StepDone | StepSkipped | VerdictOverridden
    | WaitStarted | WaitEnded | UpdateDue | Chosen | HelpAsked
)  # fmt: skip
