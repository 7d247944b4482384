"""Lists, page after page: the newest first, and from each page the way to older ones."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bot.incidents.incident import Incident
from bot.store import Listed, Store, incidents

#: so many incidents are on a page, at most
MOST_INCIDENTS = 200
#: so many changes are on a page, at most
MOST_CHANGES = 500


class ListedIncidents(msgspec.Struct, frozen=True):
    """A page, the last incident first; ``older`` is what to ask with for the next one, None if this is the last."""

    incidents: tuple[Incident, ...]
    older: int | None = None


class Listings:
    """What is listed for people and for programs. Every method raises ``DatabaseAway``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def incidents(
        self, *, status: str | None = None, before: int | None = None, limit: int | None = None
    ) -> ListedIncidents:
        """The newest incidents with a number below ``before``; only those of ``status``, if it is given."""
        most = limit or MOST_INCIDENTS

        def read(connection: Connection) -> ListedIncidents:
            numbers = incidents.newest(connection, status=status, before=before, limit=most + 1)
            heads = tuple(self._store.log.head(connection, number) for number in numbers[:most])
            return ListedIncidents(heads, heads[-1].number if len(numbers) > most else None)

        return await self._store.writer.read(read)

    async def changes(
        self, *, since: datetime, service: str = "", before: int | None = None, limit: int | None = None
    ) -> Listed:
        """What was changed since then, newest first; of every service, or of one. ``before``: a page's ``older``."""
        most = limit or MOST_CHANGES
        return await self._store.changes.newest(since=since, service=service, before=before, limit=most)
