"""Everything that can have happened to an incident.

An incident is its log: ``Entry`` after ``Entry`` under ``(incident, seq)``. Events are in the past tense, frozen,
and named as responders would say it. They go to JSON and back by their tag; ``SCHEMA`` grows when an old program
could no longer read a new event, and ``UPCASTERS`` lift what an older program wrote.

Times inside texts are written as ISO stamps in UTC (``2026-11-21T02:51:00Z``); whoever draws the text turns them
into what its reader expects. ``PEOPLES_TEXT`` names the fields that hold what people typed: the only ones that
``redact`` may blank.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bot.incidents.events.actions import (
    ActionConfirmed,
    ActionFinished,
    ActionLooked,
    ActionSettled,
    ActionStarted,
    ActionUnknown,
    ApprovalLapsed,
    ApprovalRequested,
    Approved,
    BudgetSpent,
    Declined,
    DoneOutside,
    WatchEnded,
    WatchLooked,
    WatchStarted,
)
from bot.incidents.events.changes import ChangeReported
from bot.incidents.events.charts import ChartDrawn
from bot.incidents.events.event import Event
from bot.incidents.events.guests import AttachedToChannel
from bot.incidents.events.hypotheses import HypothesisAdded, HypothesisJudged, Judged
from bot.incidents.events.incident import (
    Acknowledged,
    AlertsAttached,
    AlertsResolved,
    Cancelled,
    IncidentOpened,
    LeadChanged,
    NoteAdded,
    Reopened,
    Resolved,
    SeverityChanged,
    UpdatePublished,
)
from bot.incidents.events.jumps import JumpTested
from bot.incidents.events.learning import ActionItemAdded, ActionItemDone, SectionWritten, WhyAdded, WhyKind
from bot.incidents.events.lifting import UPCASTERS
from bot.incidents.events.links import LinkedBack
from bot.incidents.events.paging import OnCallSeen, Paged, PagerQuieted, StepOverdue
from bot.incidents.events.peoples_text import PEOPLES_TEXT
from bot.incidents.events.privacy import HoldLifted, HoldPlaced, MadePrivate
from bot.incidents.events.readiness import ReadinessSeen
from bot.incidents.events.runbook import (
    Chosen,
    HelpAsked,
    InputGiven,
    RunbookAttached,
    RunbookKept,
    RunbooksTied,
    RunbookSwitched,
    StepAssigned,
    StepDone,
    StepMeasured,
    StepRerun,
    StepSkipped,
    UpdateDue,
    VerdictOverridden,
    VersionsSeen,
    WaitEnded,
    WaitStarted,
)
from bot.incidents.events.safeguards import (
    Call,
    CallStarted,
    DryRunAsked,
    DryRunFinished,
    GlassBroken,
    GlassOffered,
    OutsideLooked,
    RehearsalFinished,
    RehearsalLooked,
    RehearsalSkipped,
    RehearsalStarted,
    ScopeWidened,
    StateRead,
)
from bot.incidents.events.silences import (
    SilenceAsked,
    Silenced,
    SilenceEnded,
    SilenceLiftAsked,
    SilenceLooked,
    SilenceOver,
    SilenceSet,
)
from bot.incidents.events.slack import ChannelOpened, ChannelRefused, Redacted, SlackRefused
from bot.incidents.events.together import (
    AlertsSplitOff,
    FlappingSeen,
    IncidentMerged,
    KeptOpen,
    MergedInto,
    ResolveProposed,
    SplitFrom,
)
from bot.incidents.events.triage import (
    TriageAnnounced,
    TriageDismissed,
    TriageEnded,
    TriageOpened,
    TriageRenewed,
    Waiting,
)

__all__ = [
    "EVENKEEL",
    "PEOPLES_TEXT",
    "SCHEMA",
    "UPCASTERS",
    "Acknowledged",
    "ActionConfirmed",
    "ActionFinished",
    "ActionItemAdded",
    "ActionItemDone",
    "ActionLooked",
    "ActionSettled",
    "ActionStarted",
    "ActionUnknown",
    "AlertsAttached",
    "AlertsResolved",
    "AlertsSplitOff",
    "AnyEvent",
    "ApprovalLapsed",
    "ApprovalRequested",
    "Approved",
    "AttachedToChannel",
    "BudgetSpent",
    "Call",
    "CallStarted",
    "Cancelled",
    "ChangeReported",
    "ChannelOpened",
    "ChannelRefused",
    "ChartDrawn",
    "Chosen",
    "Declined",
    "DoneOutside",
    "DryRunAsked",
    "DryRunFinished",
    "Entry",
    "Event",
    "FlappingSeen",
    "GlassBroken",
    "GlassOffered",
    "HelpAsked",
    "HoldLifted",
    "HoldPlaced",
    "HypothesisAdded",
    "HypothesisJudged",
    "IncidentMerged",
    "IncidentOpened",
    "InputGiven",
    "Judged",
    "JumpTested",
    "KeptOpen",
    "LeadChanged",
    "LinkedBack",
    "MadePrivate",
    "MergedInto",
    "NoteAdded",
    "OnCallSeen",
    "OutsideLooked",
    "Paged",
    "PagerQuieted",
    "ReadinessSeen",
    "Redacted",
    "RehearsalFinished",
    "RehearsalLooked",
    "RehearsalSkipped",
    "RehearsalStarted",
    "Reopened",
    "ResolveProposed",
    "Resolved",
    "RunbookAttached",
    "RunbookKept",
    "RunbookSwitched",
    "RunbooksTied",
    "ScopeWidened",
    "SectionWritten",
    "SeverityChanged",
    "SilenceAsked",
    "SilenceEnded",
    "SilenceLiftAsked",
    "SilenceLooked",
    "SilenceOver",
    "SilenceSet",
    "Silenced",
    "SlackRefused",
    "SplitFrom",
    "StateRead",
    "StepAssigned",
    "StepDone",
    "StepMeasured",
    "StepOverdue",
    "StepRerun",
    "StepSkipped",
    "TriageAnnounced",
    "TriageDismissed",
    "TriageEnded",
    "TriageOpened",
    "TriageRenewed",
    "UpdateDue",
    "UpdatePublished",
    "VerdictOverridden",
    "VersionsSeen",
    "WaitEnded",
    "WaitStarted",
    "Waiting",
    "WatchEnded",
    "WatchLooked",
    "WatchStarted",
    "WhyAdded",
    "WhyKind",
    "decode",
    "encode",
]

SCHEMA = 3

#: who did it, when nobody in particular did
EVENKEEL = "evenkeel"


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
    TriageAnnounced | TriageDismissed | TriageEnded | TriageOpened | TriageRenewed |
    FlappingSeen | ResolveProposed | KeptOpen | IncidentMerged | MergedInto | AlertsSplitOff | SplitFrom |
    IncidentOpened | AlertsAttached | AlertsResolved | Acknowledged | LeadChanged | SeverityChanged | NoteAdded
    | Resolved | Reopened | Cancelled | UpdatePublished | RunbookAttached | VersionsSeen | StepMeasured | StepRerun
    | StepAssigned | StepDone | StepSkipped | Chosen | HelpAsked | ApprovalRequested | Approved | Declined
    | ApprovalLapsed | ActionStarted | ActionFinished | ActionLooked | ActionConfirmed | ActionUnknown
    | ActionSettled | BudgetSpent | DoneOutside | WatchStarted | WatchLooked | WatchEnded | WhyAdded
    | ActionItemAdded | ActionItemDone | SectionWritten | ChannelOpened | ChannelRefused | SlackRefused | Redacted
    | ChartDrawn | JumpTested | ReadinessSeen | OnCallSeen | Paged | PagerQuieted | StepOverdue
    | HypothesisAdded | HypothesisJudged | InputGiven | RunbookKept | RunbookSwitched | RunbooksTied | UpdateDue
    | VerdictOverridden | WaitEnded | WaitStarted
    | LinkedBack | SilenceAsked | SilenceEnded | SilenceLiftAsked | SilenceLooked | SilenceOver | SilenceSet
    | AttachedToChannel | ChangeReported | MadePrivate | HoldPlaced | HoldLifted
    | CallStarted | DryRunAsked | DryRunFinished | GlassBroken | GlassOffered | OutsideLooked
    | RehearsalFinished | RehearsalLooked | RehearsalSkipped | RehearsalStarted | ScopeWidened | StateRead
)  # fmt: skip

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: AnyEvent) -> bytes:
    """The event as JSON, its kind included. Raises ValueError for one that could never be read again.

    A number that is none (an infinity, a NaN) becomes ``null``, and where a number has to stand the whole log of the
    incident could not be read any more.
    """
    body = msgspec.json.encode(event)
    if b"null" in body:
        _decoder.decode(body)
    return body


def decode(body: bytes | str, *, schema: int = SCHEMA) -> AnyEvent:
    """The event that ``encode`` made, lifted from ``schema`` if an older program wrote it."""
    if schema == SCHEMA:
        return _decoder.decode(body)
    lifted: dict[str, Any] = msgspec.json.decode(body)
    for older in range(schema, SCHEMA):
        lifted = UPCASTERS[older](lifted)
    event: AnyEvent = msgspec.convert(lifted, AnyEvent)
    return event
