"""What was changed: stored, and told to the incidents that it may be about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.changes.change import Change
from bot.config import Settings
from bot.incidents.events import AnyEvent, ChangeReported, StepRerun
from bot.incidents.incident import Incident
from bot.runbooks.schema import Query
from bot.store import Lane, Store, incidents

#: what was changed longer than this before the trouble is no news for an incident
LOOK_BACK = timedelta(hours=24)
#: so many incidents of a service are told; of more than that a change is no news either
MOST = 20
BY = "evenkeel"
#: verdicts of a step that had nothing to look at yet
FOUND_NOTHING = frozenset({"ok", "no_data", "error"})


class Changing:
    """Every method raises ``DatabaseAway`` if nothing could be stored."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._dependent: dict[str, list[str]] = {}
        for service in settings.services.values():
            for name in service.dependencies:
                self._dependent.setdefault(name, []).append(service.name)

    async def take(self, change: Change) -> bool:
        """The change is stored, for the steps that ask what changed. False if it was there already."""
        return await self._store.writer.submit(
            lambda connection, now: self.add(connection, change, now), lane=Lane.INTAKE
        )

    def add(self, connection: Connection, change: Change, now: datetime) -> bool:
        """``take``, within a job of the writer. Open incidents that looked for changes already are told of it."""
        if not self._store.changes.add(connection, change, received_at=now):
            return False
        for number in self._open(connection, change.service):
            head = self._store.log.head(connection, number)
            if events := news(head, change):
                self._store.log.append(connection, number, events, by=BY, at=max(now, head.last_at))
        return True

    def _open(self, connection: Connection, service: str) -> Iterator[int]:
        """In the order in which incidents are locked."""
        names = (service, *self._dependent.get(service, ()))
        found = (incidents.of_service(connection, name, status=("open",), limit=MOST) for name in names)
        yield from sorted({number for numbers in found for number in numbers})


def news(head: Incident, change: Change) -> list[AnyEvent]:
    """What the incident is told of the change; nothing if it is about something else, or a step will still look.

    Of what happened before it was opened, and was reported too late, the step that found nothing looks once more.
    """
    if change.service not in (head.service, *head.dependencies) or change.at < head.began - LOOK_BACK:
        return []
    looking = [s for s in head.walk() if isinstance(s.spec, Query) and s.spec.source == "changes"]
    states = {step.id: head.state(step.id) for step in looking}
    if any(state.verdict is None and state.phase != "skipped" for state in states.values()):
        return []
    if change.at <= head.opened_at:
        again = [
            step for step, state in states.items() if state.phase != "skipped" and state.verdict in FOUND_NOTHING
        ]
        if again:
            return [StepRerun(step=step, attempt=states[step].attempt + 1) for step in again]
    return [ChangeReported(change=change)]
