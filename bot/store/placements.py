"""What we mean to place, have placed, or were refused in Slack; and which of its methods must wait.

Every write of a standing names the lease that it is made under and raises ``LeaseLost`` if another process holds the
incident. Writes take effect in the order in which they were begun.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, select

from bot.store.jobs import Lane
from bot.store.leases import guard
from bot.store.statements import replacing
from bot.store.tables import LIMITS, PLACED
from bot.store.writer import Writer

_ROW = PLACED.c


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One surface as it is stored.

    intended: a call that creates it may have been made since ``intent_at``, and its answer is not known;
    ``settled_from`` is since when none can have been started. ``digest`` is what was last shown, or refused with
    ``error``. ``extra`` belongs to the reconciler.
    """

    key: str
    kind: str
    state: Literal["intended", "placed", "refused"]
    intent_at: datetime | None = None
    settled_from: datetime | None = None
    channel: str = ""
    ts: str = ""
    name: str = ""
    extra: str = ""
    digest: str = ""
    error: str = ""


_CHANGED = ("lease_no", *(name for name in Placed.__struct_fields__ if name != "key"))


class Placements:
    """The rows of all incidents, and the limits of Slack's methods."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def all(self, number: int) -> dict[str, Placed]:
        """All of the incident's, by key."""
        question = select(*(_ROW[name] for name in Placed.__struct_fields__)).where(_ROW.number == number)

        def read(connection: Connection) -> dict[str, Placed]:
            return {row["key"]: Placed(**row) for row in connection.execute(question).mappings()}

        return await self._writer.read(read)

    async def store(self, number: int, lease_no: int, placed: Sequence[Placed]) -> None:
        """These are as given from now on, in one commit."""
        rows = [msgspec.structs.asdict(one) | {"number": number, "lease_no": lease_no} for one in placed]

        def job(connection: Connection, _: datetime) -> None:
            guard(connection, number, lease_no)
            if rows:
                connection.execute(replacing(connection, PLACED, _CHANGED), rows)

        await self._writer.submit(job, lane=Lane.CONTROLLER)

    async def forget(self, number: int, lease_no: int, keys: Collection[str]) -> None:
        """There is nothing to be known of these."""

        def job(connection: Connection, _: datetime) -> None:
            guard(connection, number, lease_no)
            connection.execute(delete(PLACED).where(_ROW.number == number, _ROW.key.in_(keys)))

        await self._writer.submit(job, lane=Lane.CONTROLLER)

    async def limits(self) -> dict[str, datetime]:
        """Until when each method has to wait, whichever replica was told so."""

        def read(connection: Connection) -> dict[str, datetime]:
            return {row.method: row.until for row in connection.execute(select(LIMITS))}

        return await self._writer.read(read)

    async def limit(self, method: str, until: datetime) -> None:
        """No replica calls ``method`` before ``until``."""

        def job(connection: Connection, _: datetime) -> None:
            connection.execute(replacing(connection, LIMITS, ["until"]), [{"method": method, "until": until}])

        await self._writer.submit(job, lane=Lane.CONTROLLER)
