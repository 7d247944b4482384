"""What can be asked of an incident: imperative, frozen, each one question to ``decide``.

``attempt`` is the one that the pressed button was drawn for; a button whose attempt is over is refused with a
sentence. Who asks is not part of the command: ``decide`` takes it beside the command, as it takes ``now``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.incidents.commands.archiving import LoseChannel
from bot.incidents.commands.command import Command
from bot.incidents.commands.guests import AskToMove, AttachToChannel, HearTool, StayHere
from bot.incidents.commands.privacy import MakePrivate, SetHold
from bot.incidents.commands.safeguards import BreakGlass, DryRun, Rehearse, SkipRehearsal, StopAuto, WidenScope
from bot.incidents.commands.silences import LiftSilences, SilenceAlerts
from bot.incidents.commands.together import KeepOpen
from bot.incidents.commands.triage import DismissTriage, OpenTriage, RenewTriage
from bot.incidents.commands.walking import (
    AddHypothesis,
    AttachRunbook,
    GiveInputs,
    JudgeHypothesis,
    KeepRunbook,
    OverrideVerdict,
    Supplied,
    SwitchRunbook,
)
from bot.incidents.events import AnyEvent, WhyKind


class Acknowledge(Command, frozen=True):
    """I'm on it: acknowledges, and leads if nobody does."""


class TakeLead(Command, frozen=True):
    """``lead`` leads from now on."""

    lead: str


class SetSeverity(Command, frozen=True):
    """``severity`` is SEV1 to SEV4."""

    severity: str
    reason: str = ""


class AddNote(Command, frozen=True):
    """Puts a sentence, or a message of Slack, into the timeline."""

    text: str
    author: str = ""
    written_at: datetime | None = None
    message: str = ""


class FinishStep(Command, frozen=True):
    """The step is done; ``answer`` and ``fields`` (by name) if the step asks for them."""

    step: str
    attempt: int
    answer: str = ""
    fields: dict[str, str] = {}


class SkipStep(Command, frozen=True):
    """Passes the step over."""

    step: str
    attempt: int
    reason: str


class AssignStep(Command, frozen=True):
    """``to`` does it."""

    step: str
    to: str


class RunStep(Command, frozen=True):
    """Measures again, or asks for the action that the step describes."""

    step: str
    attempt: int


class Choose(Command, frozen=True):
    """Takes a decision. ``supplied`` is the runbook that the option attaches."""

    step: str
    attempt: int
    option: str
    reason: str = ""
    supplied: Supplied | None = None


class Approve(Command, frozen=True):
    """Says yes to an action; ``confirmed``: also to what is not known about its target."""

    step: str
    attempt: int
    confirmed: bool = False


class Decline(Command, frozen=True):
    """Says no to an action."""

    step: str
    attempt: int
    reason: str


class Undo(Command, frozen=True):
    """Asks to take an action back, to the state captured before it."""

    step: str
    attempt: int


class Settle(Command, frozen=True):
    """Says what an unknown outcome means."""

    step: str
    attempt: int
    how: Literal["run_again", "done"]


class ReportOutside(Command, frozen=True):
    """I did it outside. ``step`` None: the runbook's action, whatever it is called."""

    step: str | None = None
    note: str = ""


class PublishUpdate(Command, frozen=True):
    """Tells stakeholders."""

    audience: str
    text: str
    step: str | None = None


class Resolve(Command, frozen=True):
    """Says that it is over."""

    summary: str = ""


class Reopen(Command, frozen=True):
    """Says that it is not."""

    reason: str


class Cancel(Command, frozen=True):
    """False alarm."""

    reason: str


class AddWhy(Command, frozen=True):
    """Answers "how was it possible?"."""

    text: str
    parent: str | None = None
    role: WhyKind = "latent"


class AddActionItem(Command, frozen=True):
    """Promises something, by somebody, until a date (``YYYY-MM-DD``)."""

    text: str
    owner: str
    due: str
    role: Literal["prevent", "mitigate", "detect", "process"] = "prevent"


class FinishActionItem(Command, frozen=True):
    """The action item is done."""

    item: str


class WriteSection(Command, frozen=True):
    """Writes a section of the postmortem."""

    section: str
    text: str


class Report(Command, frozen=True):
    """What the bot itself found out: measurements, answers of calls, timers, Slack's refusals.

    Events that no longer apply (an attempt that is over, an incident that is closed) are dropped, not refused:
    nobody is waiting for an answer.
    """

    events: tuple[AnyEvent, ...]


AnyCommand = (
    Acknowledge | TakeLead | SetSeverity | AddNote | FinishStep | SkipStep | AssignStep | RunStep | Choose | Approve
    | Decline | Undo | Settle | ReportOutside | PublishUpdate | Resolve | Reopen | Cancel | AddWhy | AddActionItem
    | FinishActionItem | WriteSection | Report | Rehearse | SkipRehearsal | BreakGlass | WidenScope | StopAuto
    | KeepOpen | DryRun | AttachRunbook | KeepRunbook | SwitchRunbook | GiveInputs | OverrideVerdict | AddHypothesis
    | LoseChannel | MakePrivate | SetHold | JudgeHypothesis | AttachToChannel | OpenTriage | DismissTriage
    | RenewTriage
    | SilenceAlerts | LiftSilences | AskToMove | StayHere | HearTool
)  # fmt: skip
