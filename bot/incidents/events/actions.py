"""What changes the world: asked for, approved, started, finished, confirmed; and the watch that follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from bot.incidents.events.event import Event
from bot.incidents.events.safeguards import Call
from bot.runbooks.equivalence import Tallied
from bot.runbooks.schema import Seconds, Verdict


class ApprovalRequested(Event, frozen=True):
    """Somebody asked for an action. The clock "request to approval" starts.

    ``version``: the target is a version. ``unsure`` is what is not known about it. ``auto_at``: the action begins by
    itself then, by the runbook's policy, unless somebody stops it.
    """

    step: str
    attempt: int
    target: str
    expires_at: datetime
    running: str | None = None
    approvers: tuple[str, ...] = ()  # Slack user ids; empty: anyone but the requester
    count: int = 1
    not_requester: bool = True
    undo: bool = False
    version: bool = True
    unsure: tuple[str, ...] = ()
    auto_at: datetime | None = None


class Approved(Event, frozen=True):
    """One approver said yes. ``enough`` when no further one is needed: the budget's clock starts.

    ``confirmed`` is what they were told is not known, and said yes to all the same.
    """

    step: str
    attempt: int
    enough: bool = True
    confirmed: tuple[str, ...] = ()


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
    """Written before the call that changes the world. ``captured`` is the state read before it.

    ``also`` are the calls that follow it, ``shares`` what served before, by version.
    """

    step: str
    attempt: int
    lease_no: int
    call: str
    arguments: dict[str, Any] = {}
    captured: dict[str, Any] = {}
    was_done: bool = False  # whether ``done_when`` held before: then it can settle nothing
    also: tuple[Call, ...] = ()
    shares: dict[str, float] = {}


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
    """Nobody can tell whether the call was carried out; a person has to choose.

    ``half``: of several calls some were made and others surely not, so traffic cannot tell either.
    """

    step: str
    attempt: int
    because: str = ""
    half: bool = False


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
    """A person did it by other means; the watch starts. ``running`` is what traffic had shown before."""

    step: str
    note: str = ""
    running: str | None = None


class WatchStarted(Event, frozen=True):
    """Looks every ``every`` seconds until ``until``."""

    step: str
    attempt: int
    until: datetime
    every: Seconds


class WatchLooked(Event, frozen=True):
    """One look. Not told to anybody. ``holds``: whether it is as good as before, by the ``tallies`` of all looks."""

    step: str
    attempt: int
    verdict: Verdict
    because: str
    value: float | None = None
    running: str | None = None
    tallies: dict[str, Tallied] = {}
    holds: str = ""


class WatchEnded(Event, frozen=True):
    """The time is over, or the relapse ended it."""

    step: str
    attempt: int
    verdict: Verdict
    because: str


ActionEvent = (
    ApprovalRequested | Approved | Declined | ApprovalLapsed | ActionStarted | ActionFinished
    | ActionLooked | ActionConfirmed | ActionUnknown | ActionSettled | BudgetSpent | DoneOutside
    | WatchStarted | WatchLooked | WatchEnded
)  # fmt: skip
