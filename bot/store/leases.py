"""Leases: which process works on which incident, and when an incident has to be looked at again.

A lease has a number that grows with every takeover; every write of a holder names it, so a process that was thought
dead cannot disturb the one that took over. An incident is due if its log went on since it last rested, or if its time
to wake has come.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, case, func, literal, or_, select, union, update

from bot.clock import Clock
from bot.errors import LeaseLost
from bot.incidents.events import SCHEMA
from bot.store.jobs import Lane
from bot.store.tables import INCIDENTS, PLACED
from bot.store.transaction import Held, Transaction, remembered
from bot.store.writer import Writer

LEASE = timedelta(seconds=30)
_ROW = INCIDENTS.c
_NUMBER = select(_ROW.number)
_HELD = (_ROW.number, _ROW.lease_no, _ROW.seq, _ROW.drawn_seq)


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody has something to do next, and how many incidents are held.

    ``next_due`` is now for what can be claimed, else the first time to wake of what is free, or the first end of a
    lease; None: never, unless something happens.
    """

    next_due: datetime | None
    leased: int


class Leases:
    """The leases of all processes. ``length`` is how long one lasts without being renewed."""

    def __init__(self, writer: Writer, *, clock: Clock, length: timedelta = LEASE) -> None:
        self.length = length
        self._writer, self._clock = writer, clock
        self._born: deque[Held] = deque()

    async def claim(self, owner: str, *, limit: int) -> list[Held]:
        """Up to ``limit`` incidents that are due and free, severest first, now held by ``owner``.

        Those opened in this process come first: they were claimed at birth.
        """
        born = [self._born.popleft() for _ in range(min(limit, len(self._born)))]
        if len(born) == limit:
            return born
        until = self._clock.now() + self.length  # read before the database's clock is: our end is never the later
        return born + await self._writer.submit(
            lambda connection, now: self._claim(connection, now, owner=owner, limit=limit - len(born), until=until),
            lane=Lane.CONTROLLER,
        )

    def _claim(self, connection: Connection, now: datetime, *, owner: str, limit: int, until: datetime) -> list[Held]:
        free = or_(_ROW.lease_owner.is_(None), _ROW.lease_until < now)
        dirty, wakes = _ROW.seq > _ROW.rested_seq, _ROW.wake_at <= now
        # Each from its own index, so that incidents that wait for somebody cost nothing, however many they are.
        due = and_(or_(dirty, wakes), _ROW.number.in_(union(_NUMBER.where(dirty), _NUMBER.where(wakes))))
        readable = _ROW.schema <= SCHEMA
        severest_first = (func.coalesce(_ROW.severity, "SEV9"), _ROW.number)
        question = (
            select(_ROW.number, _ROW.lease_owner.is_not(None).label("abandoned")).where(free, due, readable)
            .order_by(*severest_first).limit(limit).with_for_update(skip_locked=True)
        )  # fmt: skip
        found: dict[int, bool] = {row.number: row.abandoned for row in connection.execute(question)}
        if not found:
            return []
        taken = connection.execute(
            update(INCIDENTS)
            .where(_ROW.number.in_(found))
            .values(lease_owner=owner, lease_no=_ROW.lease_no + 1, lease_until=now + self.length)
            .returning(*_HELD)
        )
        held = self._held(taken, now=now, until=until)
        _doubt(connection, [number for number, abandoned in found.items() if abandoned])
        return [held[number] for number in found]

    def bear(self, connection: Connection, number: int, *, owner: str, now: datetime) -> None:
        """In the job that opened an incident: it is claimed at birth, and the next ``claim`` here hands it out."""
        connection.execute(
            update(INCIDENTS)
            .where(_ROW.number == number)
            .values(lease_owner=owner, lease_no=1, lease_until=now + self.length)
        )
        transaction = remembered(connection)
        seq, until = transaction.heads[number].seq, self._clock.now() + self.length
        ahead = now - self._clock.now()
        transaction.born.append(Held(number=number, lease_no=1, until=until, seq=seq, ahead=ahead))

    def publish(self, transaction: Transaction) -> None:
        """The transaction is committed: its newborn may be handed out."""
        self._born.extend(transaction.born)

    async def renew(self, owner: str, numbers: Collection[int]) -> dict[int, Held]:
        """Those of ``numbers`` that ``owner`` still holds; they last ``length`` from now."""
        mine = and_(_ROW.lease_owner == owner, _ROW.number.in_(numbers))
        until = self._clock.now() + self.length

        def job(connection: Connection, now: datetime) -> dict[int, Held]:
            prolonged = update(INCIDENTS).where(mine).values(lease_until=now + self.length)
            return self._held(connection.execute(prolonged.returning(*_HELD)), now=now, until=until)

        return await self._writer.submit(job, lane=Lane.CONTROLLER)

    def _held(self, rows: Iterable[Row[Any]], *, now: datetime, until: datetime) -> dict[int, Held]:
        """The leases of these rows, in a job whose time is ``now``."""
        ahead = now - self._clock.now()
        return {row.number: Held(**row._mapping, until=until, ahead=ahead) for row in rows}

    async def rest(
        self, number: int, lease_no: int, seq: int, wake_at: datetime | None, *, drawn: bool = False
    ) -> bool:
        """Stores that the incident rests at ``seq`` until ``wake_at`` and lets go.

        ``drawn``: Slack shows it as it is at ``seq``, and nothing was put off. False: the log went on, so nothing
        was stored; go round again. Raises ``LeaseLost``.
        """
        here = and_(_ROW.number == number, _ROW.lease_no == lease_no, _ROW.seq == seq)
        rests: dict[str, Any] = {"rested_seq": seq, "wake_at": wake_at, "lease_owner": None, "lease_until": None}
        if drawn:
            rests["drawn_seq"] = seq

        def job(connection: Connection, _: datetime) -> bool:
            rested = connection.execute(update(INCIDENTS).where(here).values(rests)).rowcount == 1
            if not rested:
                guard(connection, number, lease_no)
            return rested

        return await self._writer.submit(job, lane=Lane.CONTROLLER)

    async def let_go(self, number: int, lease_no: int) -> None:
        """The incident is free, and as due as before."""
        here = and_(_ROW.number == number, _ROW.lease_no == lease_no)

        def job(connection: Connection, _: datetime) -> None:
            connection.execute(update(INCIDENTS).where(here).values(lease_owner=None, lease_until=None))

        await self._writer.submit(job, lane=Lane.CONTROLLER)

    async def outlook(self) -> Outlook:
        """What there is to do for whom, of one moment."""
        now = self._clock.now()
        dirty = and_(_ROW.lease_owner.is_(None), _ROW.seq > _ROW.rested_seq)
        held = _ROW.lease_owner.is_not(None)
        moment = case((dirty, literal(now, _ROW.wake_at.type)), (held, _ROW.lease_until), else_=_ROW.wake_at)
        question = select(func.min(moment), func.count(_ROW.lease_owner)).where(_ROW.schema <= SCHEMA)

        def job(connection: Connection) -> Outlook:
            next_due, leased = connection.execute(question).one()
            return Outlook(next_due=next_due, leased=leased)

        return await self._writer.read(job)

    def clear_all(self) -> None:
        """Nobody holds anything: for the start of the only process on SQLite."""
        self._writer.submit_blocking(
            lambda connection, _: connection.execute(
                update(INCIDENTS).where(_ROW.lease_owner.is_not(None)).values(lease_owner=None, lease_until=None)
            ).close()
        )


def guard(connection: Connection, number: int, lease_no: int) -> None:
    """Locks the incident's row. Raises ``LeaseLost`` unless ``lease_no`` is its lease."""
    question = select(_ROW.lease_no).where(_ROW.number == number).with_for_update()
    if connection.execute(question).scalar() != lease_no:
        raise LeaseLost(f"INC-{number} is held by another process now")


def _doubt(connection: Connection, numbers: Collection[int]) -> None:
    """Calls of the process that held these may still run inside Slack: their time to settle begins anew."""
    unanswered = and_(PLACED.c.number.in_(numbers), PLACED.c.state == "intended")
    if numbers:
        connection.execute(update(PLACED).where(unanswered).values(settled_from=None))
