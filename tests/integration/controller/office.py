"""A controller on a real store, with work and drawings that tests decide about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.clock import Clock
from bot.controller import Controller
from bot.controller.stay import Means
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.service import Service
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw, Reconciler
from bot.slack.slots import Rank
from bot.slack.view.surface import Surface, Workplace
from bot.store import Lane, Store
from tests.integration.store.services import service
from tests.patience import PATIENCE
from tests.unit.incidents.story import Story

Begin = Callable[[ev.ActionStarted], Awaitable[None]]
Does = Callable[[Incident, Work, Begin], Awaitable[tuple[ev.AnyEvent, ...]]]
OWNER = "this process"


class Works:
    """The runner. What a kind of work ``does`` is a function; a kind that has none comes to nothing."""

    def __init__(self) -> None:
        self.does: dict[str, Does] = {}
        self.ran: list[str] = []

    async def __call__(
        self, incident: Incident, work: Work, *, lease_no: int, begin: Begin
    ) -> tuple[ev.AnyEvent, ...]:
        self.ran.append(work.kind)
        does = self.does.get(work.kind)
        return await does(incident, work, begin) if does else ()


class Draws(Reconciler):
    """The reconciler. ``brought`` are the numbers of the incidents in the order in which they were compared."""

    def __init__(self) -> None:
        self.brought: list[int] = []
        self.shown: list[tuple[Surface, ...]] = []
        self.ranks: list[Rank] = []
        self.brings: Callable[[Lease, Draw, Report], Awaitable[datetime | None]] | None = None

    async def bring(
        self, held: Lease, draw: Draw, report: Report, *, rank: Callable[[], Rank] | None = None
    ) -> datetime | None:
        self.brought.append(held.number)
        self.ranks.append(rank() if rank else ())
        later = await self.brings(held, draw, report) if self.brings else None
        self.shown.append(tuple(draw()))
        return later


class Office:
    """One process: its controller, and what it works with."""

    def __init__(self, store: Store, clock: Clock, *, owner: str = OWNER, at_once: int = 32) -> None:
        self.store = store
        self.works = Works()
        self.draws = Draws()
        self.service: Service = service(store)
        self.renewals: list[float] = []
        self.while_asleep: Callable[[], Awaitable[None]] = asyncio.Event().wait  # type: ignore[assignment]
        workplace = Workplace(installation="test", incidents_channel="#incidents", public_url="http://localhost")
        means = Means(
            store=store, service=self.service, reconciler=self.draws, runner=self.works, workplace=workplace,
            clock=clock,
        )  # fmt: skip
        self.controller = Controller(means, owner=owner, at_once=at_once, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.renewals.append(seconds)
        await self.while_asleep()

    async def told(self, story: Story) -> int:
        """The incident of the story is in the store, and due; its number."""

        def job(connection: Connection, now: datetime) -> int:
            number = self.store.log.begin(connection, at=now)
            for entry in story.log:
                event = entry.event
                if isinstance(event, ev.IncidentOpened):
                    event = replace(event, number=number)
                self.store.log.append(connection, number, [event], by=entry.by, at=entry.at)
            return number

        return await self.store.writer.submit(job, lane=Lane.CLICK)

    async def opened(self) -> int:
        """An incident that was opened just now."""
        return await self.told(Story())

    async def settle(self) -> None:
        """Everything that is due was done."""
        async with asyncio.timeout(PATIENCE):
            await self.controller.settle()

    async def kinds(self, number: int) -> list[str]:
        """What stands in the log."""
        return [type(entry.event).__name__ for entry in await self.service.entries(number)]


async def until(happened: Callable[[], object]) -> None:
    """Lets everybody else go on until it has happened."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - lets the others go on; no time passes
            await asyncio.sleep(0)
