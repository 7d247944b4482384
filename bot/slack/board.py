"""What this process knows of one incident's surfaces, and what it has yet to store.

What is learned counts at once; its commit follows and is not waited for, except that of an intent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from bot.clock import Clock
from bot.incidents.events import AnyEvent
from bot.slack.plan import Standing
from bot.slack.view.surface import Surface

Report = Callable[[tuple[AnyEvent, ...]], Awaitable[object]]


class Lease(Protocol):
    """The right to work on one incident; ``until`` may move on while it is held."""

    @property
    def number(self) -> int:
        """The incident's."""
        ...

    @property
    def lease_no(self) -> int:
        """Grows with every takeover."""
        ...

    @property
    def until(self) -> datetime:
        """When it runs out."""
        ...


class Placements(Protocol):
    """The stored rows, as standings. Writes take effect in the order in which they were begun.

    Every write raises ``LeaseLost`` unless ``lease_no`` is the incident's.
    """

    async def standings(self, number: int) -> Mapping[str, Standing]:
        """All of the incident's, by key: intended, placed or refused."""
        ...

    async def store(self, number: int, lease_no: int, standings: Sequence[Standing]) -> None:
        """These are as given from now on, in one commit; what was asked counts as intended."""
        ...

    async def forget(self, number: int, lease_no: int, keys: Collection[str]) -> None:
        """There is nothing to be known of these."""
        ...


class Board:
    """The standings of one incident while this process brings it to rest."""

    def __init__(self, lease: Lease, *, placements: Placements, clock: Clock, report: Report) -> None:
        self.lease = lease
        self.standings: dict[str, Standing] = {}
        self._placements = placements
        self._clock = clock
        self._report = report
        self._saving: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()

    async def load(self, paced_to: Mapping[str, datetime]) -> None:
        """Takes over what is stored; a call that was intended may have been made, by whomever."""
        for key, stored in (await self._placements.standings(self.lease.number)).items():
            standing = replace(stored, paced_to=paced_to.get(key))
            if standing.state == "intended":
                standing = replace(standing, state="asked")
                if standing.settled_from is None:
                    self.learn(replace(standing, settled_from=self._clock.now()))
                    continue
            self.put(standing)

    def of(self, surface: Surface) -> Standing:
        """The surface's standing; wanted if nothing is known of it."""
        return self.standings.get(surface.key) or Standing(key=surface.key, kind=surface.kind)

    async def intend(self, surfaces: Sequence[Surface]) -> None:
        """The intents are stored, in one commit; calls may be made."""
        now = self._clock.now()
        intents = []
        for surface in surfaces:
            before = self.of(surface)
            name = before.name or str(surface.content.get("name", ""))
            intents.append(replace(before, state="intended", intent_at=now, settled_from=None, ts="", name=name))
        await self._placements.store(self.lease.number, self.lease.lease_no, intents)
        for intent in intents:
            self.put(intent)

    def put(self, standing: Standing) -> None:
        """What this process alone has to know."""
        self.standings[standing.key] = standing

    def learn(self, standing: Standing, *events: AnyEvent) -> None:
        """It is so; the log is told ``events``, then the row is stored. Neither is waited for."""
        self.put(standing)
        task = asyncio.create_task(self._told_and_stored(standing, events))
        self._saving.add(task)
        if events:
            self._telling.add(task)

    @property
    def saving(self) -> frozenset[asyncio.Task[None]]:
        """The commits under way."""
        return frozenset(self._saving)

    def saved(self, task: asyncio.Task[None]) -> bool:
        """The commit is over. Whether it told the log something, so that the drawing may differ now."""
        self._saving.discard(task)
        told = task in self._telling
        self._telling.discard(task)
        return told

    async def withdraw(self) -> None:
        """Intents whose calls were surely not made are taken back, so that nobody has to look for them."""
        keys = [s.key for s in self.standings.values() if s.state == "intended" and not s.extra]
        if keys:
            await self._placements.forget(self.lease.number, self.lease.lease_no, keys)

    async def _told_and_stored(self, standing: Standing, events: tuple[AnyEvent, ...]) -> None:
        # the log first: a row that is there says that the log knows
        if events:
            await self._report(events)
        if standing.state != "wanted":
            await self._placements.store(self.lease.number, self.lease.lease_no, [standing])
