"""Everything that can have happened to an incident.

An incident is its log: ``Entry`` after ``Entry`` under ``(incident, seq)``. Events are in the past tense, frozen,
and named as responders would say it. They go to JSON and back by their tag; ``SCHEMA`` grows when an old program
could no longer read a new event, and ``UPCASTERS`` lift what an older program wrote.

Times inside texts are written as ISO stamps in UTC (``2026-11-21T02:51:00Z``); whoever draws the text turns them
into what its reader expects. ``PEOPLES_TEXT`` names the fields that hold what people typed: the only ones that
``redact`` may blank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.runbooks.schema import Runbook, Seconds, Verdict

SCHEMA = 1

#: schema n -> what lifts a body of schema n to n + 1
UPCASTERS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: who did it, when nobody in particular did
EVENKEEL = "evenkeel"


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag=True):
    """Something that happened. Never changed afterwards."""


# --- the incident -----------------------------------------------------------------------------------------------


class IncidentOpened(Event, frozen=True):
    """An alert or a person opened the incident. What the configuration said then is pinned here."""

    number: int
    title: str
    service: str
    failure_mode: str
    source: str
    team_id: str = ""
    severity: str | None = None
    channel_name: str = ""
    owner: str = ""
    consumers: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    invite: tuple[str, ...] = ()  # Slack user ids
    people: dict[str, tuple[str, ...]] = {}  # "oncall:ml-oncall" -> Slack user ids
    labels: dict[str, str] = {}
    alert_name: str = ""
    alert_text: str = ""
    alert_url: str = ""
    began_at: datetime | None = None  # when the alert says that it began
    connected: bool = False  # whether any source of evidence is configured for the service


class AlertsAttached(Event, frozen=True):
    """Alerts joined the incident; one event for all that one commit brought."""

    count: int
    fingerprints: tuple[str, ...] = ()
    severity: str | None = None
    names: tuple[str, ...] = ()


class AlertsResolved(Event, frozen=True):
    """Their source says that these alerts are over."""

    count: int
    fingerprints: tuple[str, ...] = ()
    firing: int = 0  # how many of the incident's alerts still fire


class Acknowledged(Event, frozen=True):
    """Somebody said "I'm on it"."""


class LeadChanged(Event, frozen=True):
    """``lead`` (a Slack user id) leads from now on."""

    lead: str


class SeverityChanged(Event, frozen=True):
    """The severity was set by a person, or raised by an alert."""

    severity: str
    reason: str = ""


class NoteAdded(Event, frozen=True):
    """Something a person wanted in the timeline. ``written_at`` is when it was said, ``author`` who said it."""

    text: str
    author: str = ""
    written_at: datetime | None = None
    message: str = ""  # "C1/171.2" for a message of Slack


class Resolved(Event, frozen=True):
    """A person says that the incident is over; the watch, if one runs, goes on."""

    summary: str = ""


class Reopened(Event, frozen=True):
    """It is not over: a relapse, or a person says so."""

    reason: str
    step: str | None = None


class Cancelled(Event, frozen=True):
    """It was a false alarm."""

    reason: str


class UpdatePublished(Event, frozen=True):
    """Stakeholders of ``audience`` are told ``text``."""

    audience: str
    text: str
    step: str | None = None


# --- the runbook ------------------------------------------------------------------------------------------------


class RunbookAttached(Event, frozen=True):
    """The runbook that the incident walks, pinned in its long form for the service."""

    runbook: Runbook
    because: str = ""


class VersionsSeen(Event, frozen=True):
    """What traffic says is serving, and which version would be gone back to. None: cannot be told, ``because``."""

    running: str | None = None
    target: str | None = None
    shares: dict[str, float] = {}
    because: str = ""


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


# --- actions ----------------------------------------------------------------------------------------------------


class ApprovalRequested(Event, frozen=True):
    """Somebody asked for an action. The clock "request to approval" starts."""

    step: str
    attempt: int
    target: str
    expires_at: datetime
    running: str | None = None
    approvers: tuple[str, ...] = ()  # Slack user ids; empty: anyone but the requester
    count: int = 1
    not_requester: bool = True
    undo: bool = False


class Approved(Event, frozen=True):
    """One approver said yes. ``enough`` when no further one is needed: the budget's clock starts."""

    step: str
    attempt: int
    enough: bool = True


class Declined(Event, frozen=True):
    """An approver said no, and why."""

    step: str
    attempt: int
    reason: str


class ApprovalLapsed(Event, frozen=True):
    """Nobody decided in time, or nothing was started in time after the approval."""

    step: str
    attempt: int


class ActionStarted(Event, frozen=True):
    """Written before the call that changes the world. ``captured`` is the state read before it."""

    step: str
    attempt: int
    lease_no: int
    call: str
    arguments: dict[str, Any] = {}
    captured: dict[str, Any] = {}
    was_done: bool = False  # whether ``done_when`` held before: then it can settle nothing


class ActionFinished(Event, frozen=True):
    """The call answered. ``refused``: nothing was changed."""

    step: str
    attempt: int
    outcome: Literal["written", "refused", "unknown"]
    because: str = ""


class ActionLooked(Event, frozen=True):
    """``done_when`` was read: the share of production traffic that is where it should be."""

    step: str
    attempt: int
    share: float | None
    holds: bool


class ActionConfirmed(Event, frozen=True):
    """The world has changed: the clock "approval to safe" stops."""

    step: str
    attempt: int
    share: float | None = None
    settled: bool = False  # after a crash, by ``done_when`` alone


class ActionUnknown(Event, frozen=True):
    """Nobody can tell whether the call was carried out; a person has to choose."""

    step: str
    attempt: int
    because: str = ""


class ActionSettled(Event, frozen=True):
    """A person chose what an unknown outcome means."""

    step: str
    attempt: int
    how: Literal["run_again", "done"]


class BudgetSpent(Event, frozen=True):
    """80 % (``breached`` false) or all of the action's budget is used up, and the world has not changed yet."""

    step: str
    attempt: int
    breached: bool


class DoneOutside(Event, frozen=True):
    """A person did it by other means; the watch starts."""

    step: str
    note: str = ""


# --- the watch --------------------------------------------------------------------------------------------------


class WatchStarted(Event, frozen=True):
    """Looks every ``every`` seconds until ``until``."""

    step: str
    attempt: int
    until: datetime
    every: Seconds


class WatchLooked(Event, frozen=True):
    """One look. Not told to anybody."""

    step: str
    attempt: int
    verdict: Verdict
    because: str
    value: float | None = None
    running: str | None = None


class WatchEnded(Event, frozen=True):
    """The time is over, or the relapse ended it."""

    step: str
    attempt: int
    verdict: Verdict
    because: str


# --- learning ---------------------------------------------------------------------------------------------------

WhyKind = Literal["trigger", "latent", "detection", "response", "amplifier", "mitigator"]


class WhyAdded(Event, frozen=True):
    """How was it possible? One answer; ``parent`` is the why that it explains (None: the impact itself)."""

    why: str
    text: str
    parent: str | None = None
    role: WhyKind = "latent"


class ActionItemAdded(Event, frozen=True):
    """Something that will be done, by ``owner`` (a Slack user id), until ``due`` (a date)."""

    item: str
    text: str
    owner: str
    due: str
    role: Literal["prevent", "mitigate", "detect", "process"] = "prevent"


class ActionItemDone(Event, frozen=True):
    """The action item is done."""

    item: str


class SectionWritten(Event, frozen=True):
    """A person wrote a section of the postmortem."""

    section: str
    text: str


# --- Slack ------------------------------------------------------------------------------------------------------


class ChannelOpened(Event, frozen=True):
    """The incident has its channel."""

    channel: str
    name: str


class ChannelRefused(Event, frozen=True):
    """Channels may not be created here; the incident lives in a thread of the incidents channel."""

    code: str


class SlackRefused(Event, frozen=True):
    """Slack refused to show a surface, for good; a person has to mend the cause."""

    surface: str
    method: str
    code: str


class Redacted(Event, frozen=True):
    """What people typed in entry ``seq`` was blanked."""

    seq: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``by`` is a Slack user id, a source's name, or ``evenkeel``."""

    seq: int
    at: datetime
    by: str
    event: AnyEvent

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a time without a zone cannot stand in a log")


AnyEvent = (
    IncidentOpened | AlertsAttached | AlertsResolved | Acknowledged | LeadChanged | SeverityChanged | NoteAdded
    | Resolved | Reopened | Cancelled | UpdatePublished | RunbookAttached | VersionsSeen | StepMeasured | StepRerun
    | StepAssigned | StepDone | StepSkipped | Chosen | ApprovalRequested | Approved | Declined | ApprovalLapsed
    | ActionStarted | ActionFinished | ActionLooked | ActionConfirmed | ActionUnknown | ActionSettled | BudgetSpent
    | DoneOutside | WatchStarted | WatchLooked | WatchEnded | WhyAdded | ActionItemAdded | ActionItemDone
    | SectionWritten | ChannelOpened | ChannelRefused | SlackRefused | Redacted
)  # fmt: skip

PEOPLES_TEXT: Mapping[str, tuple[str, ...]] = {
    "NoteAdded": ("text",),
    "SeverityChanged": ("reason",),
    "Resolved": ("summary",),
    "Cancelled": ("reason",),
    "UpdatePublished": ("text",),
    "StepDone": ("answer",),
    "StepSkipped": ("reason",),
    "Chosen": ("reason",),
    "Declined": ("reason",),
    "DoneOutside": ("note",),
    "WhyAdded": ("text",),
    "ActionItemAdded": ("text",),
    "SectionWritten": ("text",),
}

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: AnyEvent) -> bytes:
    """The event as JSON, its kind included."""
    return msgspec.json.encode(event)


def decode(body: bytes | str, *, schema: int = SCHEMA) -> AnyEvent:
    """The event that ``encode`` made, lifted from ``schema`` if an older program wrote it."""
    if schema == SCHEMA:
        return _decoder.decode(body)
    lifted: dict[str, Any] = msgspec.json.decode(body)
    for older in range(schema, SCHEMA):
        lifted = UPCASTERS[older](lifted)
    event: AnyEvent = msgspec.convert(lifted, AnyEvent)
    return event
