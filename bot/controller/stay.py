"""The time for which this process holds one incident: work and drawing side by side, until there is rest.

Slack is compared with the drawing once the log went on since it was drawn last, or if something was put off then: a
drawing that an upgrade alone changed waits for the incident's next event.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.clock import Clock
from bot.controller.gathering import Gathering
from bot.controller.runner import Runner
from bot.errors import LeaseLost, Refused
from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, Work, agenda
from bot.incidents.commands import Report
from bot.incidents.incident import Incident
from bot.runbooks.schema import SEVERITIES
from bot.runbooks.steps.action import LONGEST_ACTION
from bot.service import Service
from bot.slack.reconcile import Reconciler
from bot.slack.slots import Rank
from bot.slack.view import view
from bot.slack.view.surface import Surface, Workplace
from bot.store import Held, Store

log = structlog.get_logger(__name__)

AFTER_TROUBLE = timedelta(seconds=15)


@dataclass(frozen=True)
class Means:
    """What bringing an incident to rest takes."""

    store: Store
    service: Service
    reconciler: Reconciler
    runner: Runner
    workplace: Workplace
    clock: Clock


class Stay:
    """The time for which this process holds one incident."""

    def __init__(self, held: Held, means: Means) -> None:
        self.held = held
        self.task: asyncio.Task[None] | None = None
        self._store, self._service, self._clock = means.store, means.service, means.clock
        self._reconciler, self._runner, self._workplace = means.reconciler, means.runner, means.workplace
        self._head: Incident | None = None
        self._stirred = asyncio.Event()
        self._working: dict[Work, asyncio.Task[None]] = {}
        self._fruitless: set[Work] = set()
        self._begun: set[Work] = set()  # actions whose call may be under way
        self._measured = Gathering(self._append)
        self._drawing: asyncio.Task[datetime | None] | None = None
        self._drawn = held.drawn_seq  # the seq that the last finished reconciling began with
        self._draw_again: datetime | None = None
        self._drawing_of: Incident | None = None
        self._surfaces: tuple[Surface, ...] = ()

    @property
    def number(self) -> int:
        """The incident's."""
        return self.held.number

    @property
    def lease_no(self) -> int:
        """Grows with every takeover."""
        return self.held.lease_no

    @property
    def until(self) -> datetime:
        """When the lease runs out; moves on while it is renewed."""
        return self.held.until

    @property
    def seen(self) -> int:
        """Up to where the log was looked at, or would have been if it could be read."""
        return self.seq or self.held.seq

    @property
    def seq(self) -> int:
        """The newest entry that this process has seen."""
        return self._head.seq if self._head else 0

    def now(self) -> datetime:
        """What time it is for whoever claims and stamps: on PostgreSQL the database."""
        return self._clock.now() + self.held.ahead

    def stir(self) -> None:
        """Something may have happened; look again."""
        self._stirred.set()

    async def bring_to_rest(self) -> datetime | None:
        """Returns ``wake_at`` when nothing is left to do now; it is stored, and the lease let go."""
        while True:
            self._stirred.clear()
            self._head = await self._service.incident(self.held.number)
            asked = agenda(self._head, self.now(), lease_no=self.held.lease_no)
            if asked.due:
                await self._say_what_is_due(asked.due)
                continue
            self._start(asked)
            if not self._working and self._drawing is None:
                wake_at = self._wake_at(asked)
                if await self._rest(wake_at):
                    return wake_at
                continue
            await self._something()

    async def _say_what_is_due(self, due: tuple[ev.AnyEvent, ...]) -> None:
        if not await self._append(due):
            raise RuntimeError(f"the agenda asks for what the log does not take: {due}")  # nothing may spin here

    def _start(self, asked: Agenda) -> None:
        for work in asked.work:
            if work not in self._working and work not in self._fruitless:
                self._working[work] = asyncio.create_task(self._work(work))
        postponed = self._draw_again is not None and self._draw_again <= self._clock.now()
        if self._drawing is None and (self._drawn != self.seq or postponed):
            self._drawing = asyncio.create_task(self._reconcile())

    async def _something(self) -> None:
        """Waits until work or drawing ends, an event comes in, or a postponed drawing's time has come."""
        stirred = asyncio.create_task(self._stirred.wait())
        tasks: list[asyncio.Task[Any]] = [stirred, *self._working.values()]
        if self._drawing is not None:
            tasks.append(self._drawing)
        patience = None
        if self._drawing is None and self._draw_again is not None:
            patience = max(0.0, (self._draw_again - self._clock.now()).total_seconds())
        try:
            await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
        for work, task in list(self._working.items()):
            if task.done():
                del self._working[work]
                if not isinstance(task.exception(), LeaseLost | None):
                    await self._draw_all_the_same()
                task.result()
        if self._drawing is not None and self._drawing.done():
            drawing, self._drawing = self._drawing, None
            self._draw_again = drawing.result()

    async def _draw_all_the_same(self) -> None:
        """Work that fails takes no channel along: people are told what is known, however often it is tried again."""
        if self._drawing is not None:
            await asyncio.wait([self._drawing])

    async def _work(self, work: Work) -> None:
        """Runs one piece of work on the incident as it is now, and reports what it came to."""
        head = self._head
        if head is None:
            return
        try:
            if work.kind == "measure":
                with self._measured:
                    found = await self._run(head, work)
                kept = bool(found) and await self._measured.bring(found)
            else:
                found = await self._run(head, work)
                kept = bool(found and await self._append(found))
        except Refused as refused:
            log.info("work was given up", incident=head.number, work=work.kind, because=str(refused))
            kept = False
        if not kept:
            self._fruitless.add(work)  # asked again after a while, not at once: nothing may spin here

    async def _run(self, head: Incident, work: Work) -> tuple[ev.AnyEvent, ...]:
        return await self._runner(head, work, lease_no=self.held.lease_no, begin=partial(self._begin, work))

    async def _begin(self, work: Work, started: ev.ActionStarted | ev.CallStarted) -> None:
        """Writes ``ActionStarted`` under this lease, which outlives the last reading and the call.

        Raises ``Refused`` if the approval no longer stands, ``LeaseLost`` if the lease does not.
        """
        if self.held.until < self._clock.now() + timedelta(seconds=LONGEST_ACTION):
            raise LeaseLost(f"INC-{self.number}: the lease ends before the call would")
        self._begun.add(work)
        command = Report(events=(started,))
        handled = await self._service.handle(self.held.number, command, by=ev.EVENKEEL, lease_no=self.held.lease_no)
        self._head = handled.incident
        if not handled.events:
            raise Refused("approval_gone", "the approval no longer stands")

    async def _append(self, events: tuple[ev.AnyEvent, ...]) -> tuple[ev.AnyEvent, ...]:
        """Those that the log took."""
        report = Report(events=events)
        handled = await self._service.handle(self.number, report, by=ev.EVENKEEL, lease_no=self.lease_no)
        self._head = handled.incident
        self.stir()
        return handled.events

    async def _reconcile(self) -> datetime | None:
        began_with = self.seq
        wake_at = await self._reconciler.bring(self, self._draw, self._append, rank=self._rank)
        self._drawn = began_with
        return wake_at

    def _draw(self) -> tuple[Surface, ...]:
        """The drawing of the newest head; asked for before every call, made once per head."""
        if self._head is None:
            return ()
        if self._drawing_of is not self._head:
            self._surfaces, self._drawing_of = view(self._head, self._workplace), self._head
        return self._surfaces

    def _rank(self) -> Rank:
        """Who goes first when slots are scarce: the severest, then the oldest."""
        severity = self._head.severity if self._head else None
        return (SEVERITIES.index(severity) if severity else len(SEVERITIES), self.number)

    def _wake_at(self, asked: Agenda) -> datetime | None:
        later = self.now() + AFTER_TROUBLE if self._fruitless & set(asked.work) else None
        draw_again = self._draw_again + self.held.ahead if self._draw_again else None
        return min((at for at in (asked.wake_at, draw_again, later) if at is not None), default=None)

    async def _rest(self, wake_at: datetime | None) -> bool:
        """Lets go, unless something was appended meanwhile."""
        drawn = self._draw_again is None and self._drawn == self.seq
        return await self._store.leases.rest(self.held.number, self.held.lease_no, self.seq, wake_at, drawn=drawn)

    async def drop(self) -> None:
        """Ends what is still in flight; a call that changes the world comes to its own end, and is written down."""
        begun = {task for work, task in self._working.items() if work in self._begun}
        tasks: set[asyncio.Task[Any]] = {*self._working.values(), *((self._drawing,) if self._drawing else ())}
        try:
            for task in tasks - begun:
                task.cancel()
            if begun:
                await asyncio.wait(begun, timeout=LONGEST_ACTION)
        finally:
            for task in begun:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
