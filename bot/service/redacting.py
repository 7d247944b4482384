"""What somebody wrote is blanked; with the first entry all that the incident's alerts said, wherever it is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.errors import BadRequest
from bot.incidents import events as ev
from bot.incidents.agenda.silencing import to_end
from bot.incidents.incident import Incident
from bot.service.requests import Requests
from bot.store import Lane, Store, erasing
from bot.store.erasing import Who
from bot.store.payloads import Payload

#: the entry that opened the incident
FIRST = 1
_AT_ONCE = 500


class Redacting:
    """``requests`` reads what was kept of what came in."""

    def __init__(self, store: Store, requests: Requests) -> None:
        self._store = store
        self._requests = requests

    async def redact(self, number: int, seq: int, *, by: str) -> Incident:
        """What people typed in entry ``seq`` is blank, for good; with the first one, what its alerts said.

        ``Refused`` if there is nothing of that kind, or the incident is under a legal hold. The log says it last: who
        gets no answer does it again, and nothing is left out.
        """
        log, seen = self._store.log, 0
        if seq == FIRST:
            seen = await self._requests_of(number)
            await self._alerts_of(number)

        def job(connection: Connection, now: datetime) -> Incident:
            log.redact(connection, number, seq, by=by, at=now)
            if seq == FIRST:
                erasing.blank_alerts(connection, number)
                erasing.forget_reasons(connection, number)
                self._besides(connection, number, by=by, now=now)
            return log.head(connection, number)

        incident = await self._store.writer.submit(job, lane=Lane.CLICK)
        if seq == FIRST:
            await self._requests_of(number, seen=seen)  # what came meanwhile
        return incident

    def _besides(self, connection: Connection, number: int, *, by: str, now: datetime) -> None:
        """Silences at the source hold the labels, too, so they end; the incident as which it goes on names it."""
        log, head = self._store.log, self._store.log.head(connection, number)
        there = [state for state in head.silences.values() if not state.ended and not to_end(head, state)]
        log.append(connection, number, [ev.SilenceLiftAsked(silence=s.number) for s in there], by=by, at=now)
        into = head.together.into
        if not into or log.head(connection, into).held:
            return
        for entry in log.load(connection, into):
            if isinstance(entry.event, ev.IncidentMerged) and entry.event.number == number and entry.event.title:
                log.redact(connection, into, entry.seq, by=by, at=now)

    async def _requests_of(self, number: int, *, seen: int = 0) -> int:
        """The kept requests that brought its alerts are empty, a few at a time; not under a hold.

        Only those that came after ``seen``; the last one that was looked at.
        """
        spans, mine, held = await self._store.writer.read(lambda connection: self._known(connection, number))
        last = seen
        for span in spans:
            after, more = seen, True
            while more:
                look = partial(self._going, span=span, after=after, mine=mine, held=held)
                going, after, more = await self._store.writer.read(look)
                last = max(last, after)
                if going:
                    job = partial(self._erase, number=number, these=going)
                    await self._store.writer.submit(job, lane=Lane.INTAKE)
        return last

    def _going(
        self, connection: Connection, *, span: erasing.Span, after: int, mine: Collection[Who], held: Collection[Who]
    ) -> tuple[list[int], int, bool]:
        """The next requests that have to go, the last that was looked at, and whether there are more.

        They are read here, where nobody waits for it.
        """
        found = erasing.requests(connection, span=span, after=after)
        going = [one.id for one in found if self._brought(one, mine, held)]
        return going, found[-1].id if found else after, len(found) == erasing.MOST_LOOKED_AT

    def _known(self, connection: Connection, number: int) -> tuple[list[erasing.Span], set[Who], set[Who]]:
        if self._store.log.head(connection, number).held:
            return [], set(), set()
        spans = erasing.spans(connection, number)
        return spans, erasing.names(connection, number), erasing.held_names(connection)

    def _brought(self, request: Payload, mine: Collection[Who], held: Collection[Who]) -> bool:
        """Whether it brought one of these alerts, as far as it can be read, and none that is held."""
        if not request.body:
            return False
        try:
            batch = self._requests.read(request)
        except BadRequest:
            return request.source not in {source for source, _ in held}
        brought = {(alert.source, alert.fingerprint) for alert in batch.alerts}
        if batch.unreadable and brought.isdisjoint(mine):
            return request.source not in {source for source, _ in held}
        return not brought.isdisjoint(mine) and brought.isdisjoint(held)

    async def _alerts_of(self, number: int) -> None:
        """Its alerts are blank, some at a time, so that nobody waits long. Not under a hold."""
        ids = await self._store.writer.read(partial(erasing.saying, number=number))
        for start in range(0, len(ids), _AT_ONCE):
            job = partial(self._blank, number=number, these=ids[start : start + _AT_ONCE])
            await self._store.writer.submit(job, lane=Lane.INTAKE)

    def _blank(self, connection: Connection, _: datetime, *, number: int, these: Sequence[int]) -> None:
        if not self._store.log.head(connection, number).held:
            erasing.blank_some(connection, number, these)

    def _erase(self, connection: Connection, _: datetime, *, number: int, these: Collection[int]) -> None:
        if not self._store.log.head(connection, number).held:
            erasing.erase(connection, these)
