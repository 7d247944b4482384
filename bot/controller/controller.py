"""One loop brings incidents to rest.

It claims incidents that are due, and for each one runs what its agenda asks for beside the reconciling of its
Slack surfaces, until nothing is left to do now; then it stores when to look again and lets go. Nothing waits
inside: whatever has to wait is a ``wake_at``. What is in flight is known to this process only; when it dies, the
lease runs out and another one derives the same work anew from the log.

This module holds the one broad ``except`` of the project: an incident in trouble must not take the others along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.controller.stay import AFTER_TROUBLE, Means, Stay
from bot.errors import EvenkeelError, LeaseLost, NewerSchema
from bot.store import Held

log = structlog.get_logger(__name__)

RENEW_EVERY = 10.0
POLL_EVERY = 1.0


class Controller:
    """Claims, brings to rest, lets go."""

    def __init__(
        self,
        means: Means,
        *,
        owner: str,
        at_once: int = 32,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``owner`` names this process among all; it works on ``at_once`` incidents at a time.

        ``sleep`` waits between renewals of the leases.
        """
        self._sleep = sleep
        self._means = means
        self._store, self._clock = means.store, means.clock
        self._owner = owner
        self._at_once = at_once
        self._stays: dict[int, Stay] = {}
        self._wakes: dict[int, datetime] = {}  # when to look again at what came to rest here, by our own clock
        self._tasks: set[asyncio.Task[None]] = set()  # of the stays, and of those that are just letting go
        self._stopping = False
        self._asking = False
        self.turned_at: datetime | None = None

    @property
    def held(self) -> int:
        """How many incidents this process works on now."""
        return len(self._stays)

    @property
    def busy(self) -> bool:
        """Whether it works on an incident, or asks the database just now whether there is one to work on."""
        return self._asking or bool(self._stays)

    async def run(self) -> None:
        """Until ``stop``: claims what is due, wakes at once for events, renews the leases."""
        renewing = asyncio.create_task(self._keep_renewing())
        try:
            while not self._stopping:
                await self.claim_due()
                await self._store.wakeups.wait(self._patience())
        finally:
            await self.let_all_go()
            renewing.cancel()

    def _patience(self) -> float:
        """Seconds until something is due that rests since it was here, or until others' work may be."""
        now = self._clock.now()
        self._wakes = {number: at for number, at in self._wakes.items() if at > now}
        return min([POLL_EVERY, *((at - now).total_seconds() for at in self._wakes.values())])

    def stop(self) -> None:
        """Makes ``run`` come to its end; what is held is let go."""
        self._stopping = True
        self._store.wakeups.wake()

    async def claim_due(self) -> int:
        """Takes what is due, up to ``at_once`` incidents; returns how many were taken."""
        self.turned_at = self._clock.now()
        for stay in self._stays.values():
            stay.stir()
        free = self._at_once - len(self._stays)
        if free <= 0:
            return 0
        self._asking = True
        try:
            claimed = await self._store.leases.claim(self._owner, limit=free)
        except EvenkeelError as error:
            log.warning("nothing can be claimed", because=str(error))
            return 0
        finally:
            self._asking = False
        for held in claimed:
            self.take(held)
        return len(claimed)

    def take(self, held: Held) -> None:
        """Brings an incident that is already leased to this process to rest, in a task of its own."""
        if held.number in self._stays:  # our own lease had run out, and we were the next: go on under the new one
            self._stays[held.number].held = held
            return
        stay = Stay(held, self._means)
        self._stays[held.number] = stay
        stay.task = asyncio.create_task(self._see_through(stay))
        self._tasks.add(stay.task)
        stay.task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Until nothing is held: what tests and the autopilot wait for."""
        while await self.claim_due() or self._tasks:
            await asyncio.gather(*self._tasks)

    async def _see_through(self, stay: Stay) -> None:
        rests, again = False, None
        try:
            wake_at = await stay.bring_to_rest()
            rests = True
            if wake_at is not None:
                self._wakes[stay.number] = wake_at - stay.held.ahead
        except LeaseLost:
            log.info("another process took over", incident=stay.number)
        except NewerSchema:
            log.info("a newer replica has to take it", incident=stay.number)
        except Exception as error:
            log.exception("an incident is in trouble", incident=stay.number, error=str(error))
            again = stay.now() + AFTER_TROUBLE
        finally:
            # In this order no claim hands its lease to a stay that is about to end, but for one that is let go here.
            try:
                await stay.drop()
            finally:
                self._stays.pop(stay.number, None)
            if not rests:
                await self._leave(stay, again)
            self._store.wakeups.wake()

    async def _keep_renewing(self) -> None:
        while True:
            await self._sleep(RENEW_EVERY)
            await self.renew()

    async def renew(self) -> None:
        """Every lease lasts its full length again; the incidents that somebody else holds by now are dropped."""
        asked = {number: (stay, stay.lease_no) for number, stay in self._stays.items()}
        if not asked:
            return
        try:
            still = await self._store.leases.renew(self._owner, list(asked))
        except EvenkeelError as error:
            log.warning("leases cannot be renewed", because=str(error))
            return
        for number, (stay, lease_no) in asked.items():
            if self._stays.get(number) is not stay or stay.lease_no != lease_no:
                continue  # ended, or claimed anew: the answer is about a lease of before
            if number in still:
                stay.held = still[number]
            elif stay.task:
                stay.task.cancel()

    async def let_all_go(self) -> None:
        """Nothing is held and nothing is under way any more."""
        stays = list(self._stays.values())
        for stay in stays:
            if stay.task:
                stay.task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stay in stays:
            if self._stays.pop(stay.number, None):  # it had not even begun
                await self._leave(stay, None)

    async def _leave(self, stay: Stay, again: datetime | None) -> None:
        """Whoever can take it need not wait for the end of the lease; only ``again``, if nothing happens before."""
        number, lease_no = stay.number, stay.lease_no
        with suppress(EvenkeelError):
            if again is None or not await self._store.leases.rest(number, lease_no, stay.seen, again):
                await self._store.leases.let_go(number, lease_no)
