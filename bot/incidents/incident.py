"""An incident as a value: what decisions and drawings need, folded from the log, and nothing else.

``bot.incidents.fold`` makes it; nobody changes it. ``FOLD_VERSION`` is part of the key under which folded heads
and snapshots are kept: whoever changes these values or the fold raises it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from bot.changes.change import Change
from bot.incidents.acting import ActionState, State, WaitState, WatchState
from bot.incidents.archiving import Archiving
from bot.incidents.beside import AskedInto, Theirs
from bot.incidents.charted import ChartState, JumpState
from bot.incidents.events.candidates import Candidate
from bot.incidents.links import LinkState
from bot.incidents.paged import OnCallState, PageState
from bot.incidents.readiness import Readiness
from bot.incidents.rota import Rota
from bot.incidents.silences import SilenceState
from bot.incidents.together import Together
from bot.incidents.told import (
    HelpState,
    HypothesisState,
    InputState,
    ItemState,
    Pin,
    TieState,
    UpdateState,
    WhyState,
)
from bot.incidents.triage import Triage
from bot.runbooks.schema import UNDECIDED, Action, Choice, Runbook, Step, Verdict
from bot.runbooks.schema.experiment import Experiment

FOLD_VERSION = 8

#: ``triage``: announced, or held back until there are more alerts, and nobody has opened it yet. ``merged``: it goes
#: on as another incident.
Status = Literal["triage", "open", "resolved", "cancelled", "merged"]


class StepState(State, frozen=True):
    """What became of a step. ``seq`` is the entry that ended it; its text goes when that entry is redacted."""

    attempt: int = 1
    phase: Literal["open", "done", "skipped"] = "open"
    by: str = ""
    at: datetime | None = None
    seq: int = 0
    text: str = ""  # the answer or the reason
    fields: dict[str, str] = {}  # what was filled in, by name
    choice: str | None = None
    assigned: str = ""
    reminded: tuple[tuple[str, ...], ...] = ()  # who heard that it is overdue, one after another
    overdue_at: datetime | None = None  # when the last of them was
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
    dry_run: int = 0  # how often somebody asked what the action would do
    dry_lines: tuple[str, ...] = ()  # the last answer; empty as long as there is none
    watch: WatchState | None = None
    wait: WaitState | None = None
    overridden: str = ""  # who says what the measurement means; ``text`` is why

    @property
    def overdue(self) -> int:
        """How many times somebody heard that it is overdue."""
        return len(self.reminded)

    @property
    def decided(self) -> bool:
        """Whether the measurement came to a verdict that counts."""
        return self.verdict is not None and self.verdict not in UNDECIDED


class Versions(State, frozen=True):
    """What serves and what one would go back to. ``tries`` counts the readings in a row that left the same open.

    ``unsure`` is what is not known about the target, ``says`` what people have to know besides. ``stale``: something
    happened since that may have changed all this, and it is read again. ``first`` is the target as it was seen,
    before a ready one was chosen over it, with its own ``first_unsure``; ``passed_over`` says so.
    """

    running: str | None = None
    target: str | None = None
    shares: dict[str, float] = {}
    because: str = ""
    again_at: datetime | None = None
    tries: int = 0
    candidates: tuple[Candidate, ...] = ()
    aliases: dict[str, str] = {}
    unsure: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    stale: bool = False
    first: str | None = None
    first_unsure: tuple[str, ...] = ()
    passed_over: str = ""


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
    tier: int | None = None
    dependencies: tuple[str, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    changed: tuple[Change, ...] = ()  # what we were told meanwhile, the last few
    audiences: tuple[str, ...] = ()
    invite: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = {}
    rotas: dict[str, Rota] = {}
    escalation: tuple[str, ...] = ()
    page: str = ""
    seen: dict[str, OnCallState] = {}  # names of ``rotas`` and groups, by whom they were asked for
    pages: dict[str, PageState] = {}
    acted: dict[str, datetime] = {}  # when each person last did something here
    labels: dict[str, str] = {}
    alert_name: str = ""
    alert_text: str = ""
    alert_url: str = ""
    began_at: datetime | None = None
    connected: bool = False
    alerts: int = 0
    firing: bool = True
    together: Together = Together()
    triage: Triage | None = None  # it began in triage, and perhaps still waits there
    route: str = ""
    announce_in: str = ""
    status: Status = "open"
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
    readiness: Readiness | None = None
    jumps: dict[str, JumpState] = {}  # by the step that found the release
    charts: dict[str, ChartState] = {}  # by the chart's name
    sections: frozenset[str] = frozenset()
    hypotheses: tuple[HypothesisState, ...] = ()
    inputs: dict[str, InputState] = {}
    tie: TieState | None = None
    pins: tuple[Pin, ...] = ()  # the runbooks that were walked, the newest last
    channel_name: str = ""
    channel: str = ""
    place: Literal["channel", "thread", "guest", "direct"] = "channel"
    private: bool = False
    moves: int = 0  # how often it was given another channel because it is private
    fled: tuple[str, ...] = ()  # public channels that it left because it is private
    keeper: str = ""  # in whose direct messages it lives, as Slack gives it no private channel
    no_channel: str = ""  # Slack's word for why
    held: bool = False
    archiving: Archiving = Archiving()
    redacted: bool = False  # nothing is left of what its alerts said
    reports: int = 0  # how many of its alerts were reported by people
    reported_first: bool = False  # people noticed it before any alert did
    left: tuple[str, ...] = ()  # where it lived before it moved on: channels, or "" for a thread
    home: str = ""  # the channel of its own that it left to go on as a guest
    asked_again: int = 0  # how often the guest was asked into its channel again, as Slack had refused the card
    tool: str = ""  # whose incident it goes along with, as a guest
    tool_url: str = ""
    theirs: Theirs = Theirs()  # how its incident stands
    asked_into: tuple[AskedInto, ...] = ()  # channels of other tools that are about this, too
    silences: dict[int, SilenceState] = {}  # at the source
    links: tuple[str, ...] = ()
    linked: dict[str, LinkState] = {}
    refused: tuple[str, ...] = ()  # surfaces that Slack refused to show

    @property
    def key(self) -> str:
        """``INC-1``."""
        return f"INC-{self.number}"

    @property
    def generation(self) -> int:
        """How often it went on in another channel of its own: as it is private, or as the one before is archived."""
        return self.moves + self.archiving.renewed

    @property
    def unopened(self) -> bool:
        """Whether it began in triage and nobody has opened it: there is nothing of it but an announcement."""
        return self.triage is not None and self.triage.opened_at is None

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
