"""Everything that dies together. What a process had sent to Slack goes on there without it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.errors import LeaseLost
from bot.incidents.events import AnyEvent
from bot.slack.gateway import Gateway
from bot.slack.plan import Standing
from bot.slack.reconcile import Reconciler
from bot.slack.slots import Rank
from tests.unit.slack.reconcile.slack_in_memory import SlackInMemory
from tests.unit.slack.reconcile.world import COMMIT, World


class Lease(msgspec.Struct):
    number: int
    lease_no: int
    until: datetime


class Dead(Exception):
    """The process is no more; nothing that it still does has an effect."""


class Process:
    """One life of the program. It dies at its ``dies_at``-th point, before and after every call and commit."""

    def __init__(self, world: World, *, dies_at: int | None = None, **settings: Any) -> None:
        self.world = world
        self.dead = False
        self.points = 0
        self._dies_at = dies_at
        self._died = asyncio.Event()
        self.placements = PlacementsInMemory(self)
        self.client = SlackInMemory(world, point=self.point)
        self.gateway = Gateway(self.client, clock=world.clock, limits=self.placements)
        self.reconciler = Reconciler(self.gateway, self.placements, world.clock, installation="test", **settings)
        self.claim()

    def claim(self) -> Lease:
        """The lease is taken over, as ``Leases.claim`` does it."""
        now = self.world.clock.now()
        self.world.lease_no += 1
        self.lease = Lease(1, self.world.lease_no, now + timedelta(days=1))
        for key, row in self.world.rows.items():
            if row.state == "intended" and row.settled_from is None:
                self.world.rows[key] = replace(row, settled_from=now)
        return self.lease

    async def point(self) -> None:
        """Here the process may die."""
        if not self.dead and self.points == self._dies_at:
            self.dead = True
            self._died.set()
        self.points += 1
        if self.dead:
            raise Dead

    async def bring(self, rank: Callable[[], Rank] | None = None) -> datetime | None:
        """One stay with the incident. Raises ``Dead`` if the process dies meanwhile."""
        bringing = asyncio.create_task(self.reconciler.bring(self.lease, self.world.draw, self._report, rank=rank))
        dying = asyncio.create_task(self._died.wait())
        await asyncio.wait({bringing, dying}, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if self.dead:
            bringing.cancel()
            await asyncio.gather(bringing, return_exceptions=True)
            raise Dead
        return bringing.result()

    async def to_rest(self) -> None:
        """Stay after stay, each when the one before asked for it."""
        while True:
            drawn = self.world.draw()
            wake_at = await self.bring()
            if wake_at is not None:
                await asyncio.sleep(max(0.0, (wake_at - self.world.clock.now()).total_seconds()))
            elif self.world.draw() == drawn:
                return
            self.claim()

    async def _report(self, events: tuple[AnyEvent, ...]) -> None:
        await self.point()
        await asyncio.sleep(COMMIT)
        self.world.take_note(events)
        await self.point()


class PlacementsInMemory:
    """``bot.store.placements`` over a dict; a commit takes its time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._world = process.world

    async def standings(self, number: int) -> Mapping[str, Standing]:
        return dict(self._world.rows)

    async def store(self, number: int, lease_no: int, standings: Sequence[Standing]) -> None:
        await self._commit(lease_no)
        for standing in standings:
            state = "intended" if standing.state == "asked" else standing.state
            self._world.rows[standing.key] = replace(standing, state=state, paced_to=None, not_before=None)
        self._world.commits.append((asyncio.get_running_loop().time(), tuple(s.key for s in standings)))
        await self._process.point()

    async def forget(self, number: int, lease_no: int, keys: Collection[str]) -> None:
        await self._commit(lease_no)
        for key in keys:
            self._world.rows.pop(key, None)
        await self._process.point()

    async def limits(self) -> Mapping[str, datetime]:
        return self._world.limited

    async def limit(self, method: str, until: datetime) -> None:
        self._world.limited[method] = until

    async def _commit(self, lease_no: int) -> None:
        await self._process.point()
        await asyncio.sleep(COMMIT)
        if self._process.dead:
            raise Dead
        if lease_no != self._world.lease_no:
            raise LeaseLost("INC-1 is held by another process now")
