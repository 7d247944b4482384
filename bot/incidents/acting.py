"""Where an action and a watch stand: the values that an incident holds for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.incidents.events.safeguards import Call
from bot.incidents.rehearsals import RehearsalState
from bot.runbooks.equivalence import Tallied
from bot.runbooks.schema import Verdict

ActionPhase = Literal[
    "requested",  # waits for approvers
    "approved",  # enough of them said yes; the bot acts next
    "started",  # written before the call: until the answer is here, nobody knows
    "written",  # the call answered; waiting for ``done_when``
    "confirmed",  # the world has changed
    "refused",  # the call or a check before it said no; nothing was changed
    "unknown",  # a person has to say what happened
    "declined",
    "lapsed",
    "outside",  # a person did it by other means
]
Settled = Literal["run_again", "done", "outside", "undo", "traffic"]
#: the action is on its way: another request for it would be a second one
IN_FLIGHT: frozenset[ActionPhase] = frozenset({"requested", "approved", "started", "written", "unknown"})


#: the lease of an action whose answer was lost: nobody's, so that it is settled and never awaited
NOBODY = 0


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the values below."""


class ActionState(State, frozen=True):
    """Where an action stands. Times are when the log says so."""

    phase: ActionPhase
    attempt: int
    target: str = ""
    running: str | None = None
    undo: bool = False
    requested_by: str = ""
    requested_at: datetime | None = None
    expires_at: datetime | None = None
    approvers: tuple[str, ...] = ()
    count: int = 1
    not_requester: bool = True
    approved_by: tuple[str, ...] = ()
    approved_at: datetime | None = None
    started_at: datetime | None = None
    lease_no: int = 0
    arguments: dict[str, Any] = {}
    captured: dict[str, Any] = {}
    was_done: bool = False
    written_at: datetime | None = None
    looked_at: datetime | None = None
    holds: int = 0  # looks in a row at which ``done_when`` held
    share: float | None = None
    confirmed_at: datetime | None = None
    because: str = ""
    warned: bool = False
    breached: bool = False
    version: bool = True  # the target is a version; else a text that says what will be so
    also: tuple[Call, ...] = ()  # the calls after the first
    calls: int = 1  # how many it consists of
    begun: int = 1  # how many of them were begun
    half: bool = False  # some calls were made and others surely not: traffic cannot settle that
    shares: dict[str, float] = {}  # what served before the call
    seen: tuple[Call, ...] = ()  # what stood there when it was read for the approvers, a call each
    read_at: datetime | None = None
    unread: str = ""  # why it could not be read
    foreign: tuple[str, ...] = ()  # other services that its arguments name
    widened: tuple[str, ...] = ()  # those that a second person agreed to
    widened_by: str = ""
    unsure: tuple[str, ...] = ()  # what is not known about the target
    confirmed_by: str = ""  # who said yes to that too
    rehearsal: RehearsalState | None = None
    glass_offered: bool = False
    glass_by: str = ""  # who broke the glass
    auto_at: datetime | None = None  # when it begins by itself
    doubted: int = 0  # the attempt whose outcome was unknown; 0: none. It outlives its settling
    settled: Settled | None = None  # how the doubt about that attempt ended
    settled_by: str = ""
    settled_at: datetime | None = None
    before: ActionState | None = None  # of an undo: the action that it would take back

    @property
    def effective(self) -> ActionState:
        """What holds in the world: an undo that was not started, or was refused, has changed nothing."""
        idle = self.phase in ("requested", "approved", "declined", "lapsed", "refused")
        return self.before if self.undo and idle and self.before is not None else self

    @property
    def good_until(self) -> datetime | None:
        """When the approval lapses if nothing was started; None before there is one."""
        if self.approved_at is None or self.expires_at is None or self.requested_at is None:
            return None
        return self.approved_at + (self.expires_at - self.requested_at)

    @property
    def safe(self) -> bool:
        """Whether the world is known to be as the step wanted it; an undo that was carried out ends that."""
        return self.effective.phase in ("confirmed", "outside") and not self.effective.undo


class WatchState(State, frozen=True):
    """A watch. It runs while ``ended_at`` is None."""

    since: datetime
    until: datetime
    every: float
    looks: int = 0
    bad_in_a_row: int = 0
    looked_at: datetime | None = None
    verdict: Verdict = "no_data"
    because: str = ""
    value: float | None = None
    tallies: dict[str, Tallied] = {}  # by the check's name: what all looks together have seen
    holds: str = ""  # whether it is as good as before, as far as that can be told
    ended_at: datetime | None = None


class WaitState(State, frozen=True):
    """A wait that was begun; ``ended_at`` None: it goes on."""

    since: datetime
    until: datetime
    ended_at: datetime | None = None
