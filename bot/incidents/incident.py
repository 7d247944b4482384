"""An incident as a value: what decisions and drawings need, folded from the log, and nothing else.

``bot.incidents.fold`` makes it; nobody changes it. ``FOLD_VERSION`` is part of the key under which folded heads
and snapshots are kept: whoever changes these values or the fold raises it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.incidents.told import HelpState, ItemState, UpdateState, WhyState
from bot.runbooks.schema import UNDECIDED, Action, Choice, Runbook, Step, Verdict

FOLD_VERSION = 6

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
    ended_at: datetime | None = None


class StepState(State, frozen=True):
    """What became of a step. ``seq`` is the entry that ended it; its text goes when that entry is redacted."""

    attempt: int = 1
    phase: Literal["open", "done", "skipped"] = "open"
    by: str = ""
    at: datetime | None = None
    seq: int = 0
    text: str = ""  # the answer or the reason
    choice: str | None = None
    assigned: str = ""
    verdict: Verdict | None = None
    because: str = ""
    value: float | None = None
    baseline: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    target: str | None = None
    again_at: datetime | None = None
    evidence: dict[str, Any] = {}
    action: ActionState | None = None
    watch: WatchState | None = None

    @property
    def decided(self) -> bool:
        """Whether the measurement came to a verdict that counts."""
        return self.verdict is not None and self.verdict not in UNDECIDED


class Versions(State, frozen=True):
    """What serves and what one would go back to. ``tries`` counts the readings in a row that left the same open."""

    running: str | None = None
    target: str | None = None
    shares: dict[str, float] = {}
    because: str = ""
    again_at: datetime | None = None
    tries: int = 0


class Incident(State, frozen=True):
    """The head of a log: ``seq`` is the last entry that was folded in."""

    number: int
    seq: int
    title: str
    service: str
    failure_mode: str
    source: str
    opened_at: datetime
    opened_by: str
    last_at: datetime
    team_id: str = ""
    severity: str | None = None
    owner: str = ""
    consumers: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    invite: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = {}
    labels: dict[str, str] = {}
    alert_name: str = ""
    alert_text: str = ""
    alert_url: str = ""
    began_at: datetime | None = None
    connected: bool = False
    alerts: int = 0
    firing: bool = True
    status: Literal["open", "resolved", "cancelled"] = "open"
    status_at: datetime | None = None
    status_by: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    lead: str = ""
    reopened: int = 0
    reopened_because: str = ""
    reopened_seq: int = 0  # the entry that says so
    runbook: Runbook | None = None
    versions: Versions | None = None
    steps: dict[str, StepState] = {}
    updates: tuple[UpdateState, ...] = ()
    help: tuple[HelpState, ...] = ()
    whys: tuple[WhyState, ...] = ()
    items: tuple[ItemState, ...] = ()
    sections: frozenset[str] = frozenset()
    channel_name: str = ""
    channel: str = ""
    place: Literal["channel", "thread"] = "channel"
    refused: tuple[str, ...] = ()  # surfaces that Slack refused to show

    @property
    def key(self) -> str:
        """``INC-1``."""
        return f"INC-{self.number}"

    @property
    def began(self) -> datetime:
        """When it began: as the alert says, unless that is later than the incident's opening."""
        return min(self.began_at, self.opened_at) if self.began_at else self.opened_at

    @property
    def safe_at(self) -> datetime | None:
        """When traffic confirmed the last action, the end of the clock "alert to safe"; a person's word is not it."""
        safe = [state.action.effective for state in self.steps.values() if state.action and state.action.safe]
        seen = (action.confirmed_at for action in safe if action.confirmed_at and action.phase == "confirmed")
        return max(seen, default=None)

    @property
    def watch(self) -> WatchState | None:
        """The watch that runs now."""
        running = (s.watch for s in self.steps.values() if s.watch and s.watch.ended_at is None)
        return next(running, None)

    def state(self, step_id: str) -> StepState:
        """What became of the step so far."""
        return self.steps.get(step_id, _UNTOUCHED)

    def walk(self) -> tuple[Step, ...]:
        """The steps of the pinned runbook, in order; none if no runbook is attached."""
        return self.runbook.steps if self.runbook else ()

    def first(self, kind: type[Action] | type[Choice]) -> Step | None:
        """The first step of that kind."""
        return next((step for step in self.walk() if isinstance(step.spec, kind)), None)


_UNTOUCHED = StepState()
