"""The store: its parts, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, select

from bot.clock import Clock
from bot.store.alerts import Alerts
from bot.store.changes import Changes
from bot.store.jobs import Lane
from bot.store.leases import LEASE, Leases
from bot.store.log import Log
from bot.store.mutes import Mutes
from bot.store.payloads import Payloads
from bot.store.placements import Placements
from bot.store.polls import Polls
from bot.store.refusals import Refusals
from bot.store.statements import replacing
from bot.store.tables import POLLS
from bot.store.transaction import Transaction
from bot.store.wakeups import Wakeups
from bot.store.writer import Writer

#: what has to find room before a disk is not full any more, in bytes
_BALLAST = 256 * 1024


class Store:
    """What a process needs of the database. ``kind`` is ``sqlite`` or ``postgresql``."""

    def __init__(
        self, writing: Engine, reading: Engine, *, clock: Clock, origin: str, lease: timedelta = LEASE,
        readers: int = 4,
    ) -> None:  # fmt: skip
        """``origin``: a word that tells this process from others."""
        self.kind = writing.dialect.name
        self.log = Log()
        self.wakeups = Wakeups(origin=origin)
        self.writer = Writer(
            writing, reading, clock=clock, committing=self.wakeups.notify, committed=self._committed,
            readers=readers,
        )  # fmt: skip
        self.leases = Leases(self.writer, clock=clock, length=lease)
        self.placements = Placements(self.writer)
        self.alerts = Alerts(self.writer)
        self.changes = Changes(self.writer)
        self.polls = Polls(self.writer)
        self.payloads = Payloads(self.writer)
        self.refusals = Refusals(self.writer)
        self.mutes = Mutes(self.writer)
        self._overcome = 0  # as many troubles of the writer as were found to be over
        self._closing: list[Callable[[], None]] = []

    def _committed(self, transaction: Transaction) -> None:
        """Heads and the newborn first: whoever is woken looks for them."""
        self.log.publish(transaction)
        self.leases.publish(transaction)
        if transaction.touched:
            self.wakeups.wake(transaction.touched)

    async def ask(self) -> None:
        """Raises ``DatabaseAway`` if the database does not answer."""
        await self.writer.read(lambda connection: connection.execute(select(1)).close())

    async def prove(self) -> None:
        """Raises ``DatabaseAway`` if the database does not answer; after trouble with writing, if it takes nothing.

        A disk that is full still answers, and often has room for a little.
        """
        await self.ask()
        troubles = self.writer.troubles
        if troubles == self._overcome:
            return
        for size in (_BALLAST, 0):  # a commit that has nothing to write succeeds on a full disk, too
            await self.writer.submit(partial(_write, size=size), lane=Lane.CONTROLLER)
        self._overcome = troubles  # not before: whoever asks meanwhile must not hear that all is well

    def on_close(self, call: Callable[[], None]) -> None:
        """Something else to end with the store, in reverse order."""
        self._closing.append(call)

    def close(self) -> None:
        """Finishes the writes that wait and lets go of the database."""
        self.writer.close()
        while self._closing:
            self._closing.pop()()


def _write(connection: Connection, now: datetime, *, size: int) -> None:
    row = {"name": "evenkeel: the last proof of writing", "at": now, "state": {"ballast": "x" * size}}
    connection.execute(replacing(connection, POLLS, ["at", "state"]).values(row))
