"""Who has to look again: this process at once, other replicas by ``NOTIFY`` with the commit.

A wake-up is a hint and may come twice or for nothing; whoever waits also looks by the clock now and then.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, text

from bot.store.transaction import Transaction

CHANNEL = "evenkeel"
_MOST = 500  # numbers in one notification, which holds 8,000 bytes


class Subscription:
    """What changed since it was last asked for. One task waits at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: set[int] = set()
        self._posted = False
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def wait(self, timeout: float) -> frozenset[int]:  # noqa: ASYNC109 - the time is part of the question
        """Returns at once if something changed, else when it does or after ``timeout`` seconds.

        The numbers of the incidents that changed; empty after the time, or if it is not known which.
        """
        woken = asyncio.Event()
        with self._lock:
            self._waiting = (asyncio.get_running_loop(), woken)
            if self._posted:
                woken.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await woken.wait()
        with self._lock:
            self._waiting = None
            numbers, self._numbers, self._posted = frozenset(self._numbers), set(), False
        return numbers

    def post(self, numbers: frozenset[int]) -> None:
        """From any thread."""
        with self._lock:
            self._numbers |= numbers
            self._posted = True
            if self._waiting is not None and not self._waiting[0].is_closed():
                loop, woken = self._waiting
                loop.call_soon_threadsafe(woken.set)


class Wakeups:
    """Wakes whoever waits or subscribed. ``wake`` may be called from any thread."""

    def __init__(self, *, origin: str) -> None:
        """``origin``, a word, tells this process's notifications from those of others."""
        self._origin = origin
        self._first = Subscription()
        self._subscriptions = {self._first}
        self._lock = threading.Lock()

    async def wait(self, timeout: float) -> frozenset[int]:  # noqa: ASYNC109 - the time is part of the question
        """``Subscription.wait`` for the controller, which subscribed with the store's opening."""
        return await self._first.wait(timeout)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """For others who want to know: takes part for the length of the block."""
        subscription = Subscription()
        with self._lock:
            self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)

    def wake(self, numbers: Iterable[int] = ()) -> None:
        """These incidents changed; none: something did."""
        changed = frozenset(numbers)
        with self._lock:
            subscriptions = list(self._subscriptions)
        for subscription in subscriptions:
            subscription.post(changed)

    def notify(self, connection: Connection, transaction: Transaction) -> None:
        """Tells other replicas, with the commit, which incidents have new entries."""
        if connection.dialect.name != "postgresql" or not transaction.touched:
            return
        few = sorted(transaction.touched) if len(transaction.touched) <= _MOST else []
        payload = " ".join([self._origin, *map(str, few)])
        connection.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})

    def heard(self, payload: str) -> None:
        """A notification came in."""
        origin, *numbers = payload.split()
        if origin != self._origin:
            self.wake(int(number) for number in numbers)
