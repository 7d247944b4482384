"""An alert like an incident's fires and is kept quiet: the incident hears of it, as nothing may end on silence alone.

What is like it: one of its own alerts, and what would have joined it, had no mute and no window kept it outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.store import Store, groups, mutes
from bot.store.alerts import Received


class HoldingBack:
    """Appends to logs, in the transaction that has locked the alerts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def look(self, connection: Connection, now: datetime, rows: Iterable[Received]) -> None:
        """The incidents that these alerts are like hear what is true now."""
        these = list(rows)
        newest = groups.newest(connection, {(row.service, row.failure_mode) for row in these})
        for number in sorted(newest | {row.number for row in these if row.number is not None}):
            self.told(connection, now, number)

    def look_again(self, connection: Connection, now: datetime, numbers: Iterable[int | None]) -> None:
        """Incidents whose alerts are over, and that were over themselves before: then nobody told them anything."""
        for number in sorted({number for number in numbers if number is not None}):
            if self._store.log.head(connection, number).reopened:
                self.told(connection, now, number)

    def told(self, connection: Connection, now: datetime, number: int) -> Incident:
        """The incident, which knows what keeps alerts like its own quiet, and that nothing does any more."""
        log = self._store.log
        head = log.head(connection, number)
        why = mutes.like(connection, number) if head.status == "open" else ""
        if head.status == "open" and why != head.together.held_back:
            log.append(connection, number, [ev.AlertsHeldBack(why=why)], by=ev.EVENKEEL, at=now)
        return log.head(connection, number)
