"""The only way to write to a log: load, decide, append, in one transaction that holds the incident's row.

A delivery of Slack's that was carried out is recognised when it comes again, because it is noted in the same
transaction. Everything that is returned is on the disk.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.personal import without_personal
from bot.alerts.routing import Routed
from bot.config import Settings
from bot.errors import NewerSchema, Refused
from bot.incidents.commands import AnyCommand, Report
from bot.incidents.decide import decide
from bot.incidents.events import ActionStarted, AnyEvent, Entry, Resolved, ResolveProposed
from bot.incidents.incident import Incident
from bot.personal import Personal
from bot.runbooks.following import missing_runbooks
from bot.runbooks.loading import Library
from bot.runbooks.matching import failure_mode_of
from bot.runbooks.pinning import without_rewritten
from bot.runbooks.schema import SEVERITIES
from bot.service.attaching import Attaching
from bot.service.changing import Changing
from bot.service.guests import Guests
from bot.service.holding_back import HoldingBack
from bot.service.intake import Delivery, Intake, Taken
from bot.service.listings import Listings
from bot.service.merging import Merging
from bot.service.muting import Muting
from bot.service.opening import SLACK, Beginning, Declaration, Openings
from bot.service.redacting import Redacting
from bot.service.refusing import Refusing
from bot.service.reporting import Reporting
from bot.service.requests import Requests
from bot.service.shelf import Shelf
from bot.service.silences import Silences
from bot.store import Change, Lane, Store, deliveries, groups, incidents
from bot.store.leases import guard

__all__ = ["Declaration", "Handled", "Service", "Taken"]

_MOST_LISTED = 200
#: what the bot says of an incident only because no alert fires
_ENDS = (ResolveProposed, Resolved)


class Handled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a command. ``duplicate``: the delivery had been seen before, and nothing was done again."""

    incident: Incident
    events: tuple[AnyEvent, ...] = ()
    duplicate: bool = False


class Service:
    """Commands, declarations, alerts and changes come in here, whoever they are from.

    ``owner`` is the controller of this process, which gets the incidents that are opened here; None if it has none.
    """

    def __init__(self, store: Store, *, settings: Settings, library: Library, owner: str | None = None) -> None:
        self._store = store
        self._settings = settings
        self._openings = Openings(settings, library)
        self._owner = owner
        self.changing = Changing(store, settings)
        self._personal = Personal(settings.personal_fields)
        self.guests = Guests(store, settings, self._openings, owner=owner)
        self.silences = Silences(store, settings, self.handle)
        window = timedelta(seconds=settings.grouping_window)
        attaching = Attaching(
            store, self._openings, owner=owner, window=window, maintenance=settings.maintenance,
            most=settings.most_incidents,
        )  # fmt: skip
        self.muting = Muting(store, attaching)
        self._intake = Intake(store, attaching.attach)
        self.taken_in = self._intake.figures
        self.refusing = Refusing(store, self.taken_in)
        self.listings = Listings(store)
        self.merging = Merging(store, self._openings, owner=owner)
        self.requests = Requests(store, settings, self._let_in)
        self._holding = HoldingBack(store)
        self._redacting = Redacting(store, self.requests)
        self.reporting = Reporting(store, settings, take=self._let_in)

    @property
    def shelf(self) -> Shelf:
        """The runbooks that can be attached."""
        return self._openings.shelf

    async def stock(self, library: Library) -> Library:
        """Runbooks come from ``library`` from now on, but for files that rewrote what an open incident holds."""
        try:
            heads = [*await self.listing("open"), *await self.listing("triage")]
        except NewerSchema:  # a newer program writes here already: what it holds cannot be read
            heads = []
        kept = without_rewritten(library, {(pin.id, pin.version, pin.sha256) for head in heads for pin in head.pins})
        self._openings.stock(kept)
        return msgspec.structs.replace(kept, problems=(*kept.problems, *missing_runbooks(kept)))

    async def handle(
        self, number: int, command: AnyCommand, *, by: str, delivery: str | None = None, lease_no: int | None = None
    ) -> Handled:
        """What ``decide`` makes of the command, appended. Raises ``Refused``, ``NewerSchema``, ``DatabaseAway``.

        ``lease_no``: under which lease the controller says so. Raises ``LeaseLost`` if another process holds the
        incident now; an ``ActionStarted`` always names its lease.
        """
        leases = {lease_no} if lease_no is not None else set()
        if isinstance(command, Report):
            leases |= {event.lease_no for event in command.events if isinstance(event, ActionStarted)}

        def job(connection: Connection, now: datetime) -> Handled:
            log = self._store.log
            repeated = deliveries.receive(connection, delivery, at=now, number=number) if delivery else None
            head = log.head(connection, number)
            if repeated is not None:
                return Handled(incident=head, duplicate=True)
            for lease in leases:
                guard(connection, number, lease)
            if isinstance(command, Report) and any(isinstance(event, _ENDS) for event in command.events):
                head = self._holding.told(connection, now, number)
            at = max(now, head.last_at)
            events = decide(head, self.shelf.completed(head, command), by=by, now=at)
            log.append(connection, number, events, by=by, at=at)
            return Handled(incident=log.head(connection, number), events=events)

        lane = Lane.CONTROLLER if leases or isinstance(command, Report) else Lane.CLICK
        return await self._store.writer.submit(job, lane=lane)

    async def declare(
        self, declaration: Declaration, *, by: str, team_id: str, delivery: str | None = None
    ) -> Incident:
        """The incident that a person declares; the one declared before if the delivery had been seen. ``Refused``."""
        beginning = self._declared(declaration, team_id)

        def job(connection: Connection, now: datetime) -> Incident:
            log = self._store.log
            repeated = deliveries.receive(connection, delivery, at=now) if delivery else None
            if repeated is not None and repeated.number is not None:
                return log.head(connection, repeated.number)
            place = (beginning.about.service, beginning.about.failure_mode)
            groups.lock(connection, [place])
            number = log.begin(connection, at=now)
            log.append(connection, number, self._openings.events(number, beginning), by=by, at=now)
            groups.put(connection, place, number=number, at=now)
            if self._owner is not None:
                self._store.leases.bear(connection, number, owner=self._owner, now=now)
            if delivery:
                deliveries.about(connection, delivery, number)
            return log.head(connection, number)

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    def _declared(self, declaration: Declaration, team_id: str) -> Beginning:
        title, service = declaration.title.strip(), declaration.service.strip()[:200]
        severity = (declaration.severity or "").strip().upper() or self._settings.default_severity
        if not title:
            raise Refused("empty", "An incident needs a title: what is wrong, in a few words.", field="title")
        if not service:
            raise Refused("needs_service", "Say which service it is about.", field="service")
        if severity is not None and severity not in SEVERITIES:
            said = str(declaration.severity)[:20]
            raise Refused("no_such_severity", f"“{said}” is not a severity: say sev1 to sev4.", field="severity")
        labels = {"service": service}
        mode = failure_mode_of(labels | {"alertname": title}, self._settings.failure_modes)
        return Beginning(
            title=title[:300], source=SLACK, labels=labels, team_id=team_id,
            alert_text=declaration.text.strip()[:3000],
            about=Routed(service=service, failure_mode=mode, severity=severity),
        )  # fmt: skip

    async def take(
        self, source: str, alerts: Sequence[Alert], *, truncated: int = 0, body: str = "", delivery: str = ""
    ) -> Taken:
        """The alerts of one request, stored; they join incidents or open them. Sending them again is harmless.

        ``body``, redacted, is kept if it changed anything; a ``delivery`` of that name is carried out once.
        """
        return await self._let_in(Delivery(source, tuple(alerts), truncated, body, delivery))

    async def _let_in(self, delivery: Delivery) -> Taken:
        """What is about persons stays outside."""
        shown = tuple(without_personal(alert, self._personal) for alert in delivery.alerts)
        return await self._intake.take(msgspec.structs.replace(delivery, alerts=shown))

    async def take_change(self, change: Change) -> bool:
        """The change is stored, and told to the incidents it may be about. False if it was there already."""
        return await self.changing.take(change)

    async def redact(self, number: int, seq: int, *, by: str) -> Incident:
        """What people typed in entry ``seq`` is blanked, for good; with the first one, what its alerts said.

        ``Refused`` if there is nothing of that kind, or the incident is under a legal hold.
        """

        return await self._redacting.redact(number, seq, by=by)

    async def incident(self, number: int) -> Incident:
        """The incident as its log says. ``Refused`` if there is none."""
        return await self._store.writer.read(lambda connection: self._store.log.head(connection, number))

    async def entries(self, number: int) -> list[Entry]:
        """The whole log. ``Refused`` if there is no such incident."""

        def read(connection: Connection) -> list[Entry]:
            self._store.log.head(connection, number)
            return self._store.log.load(connection, number)

        return await self._store.writer.read(read)

    async def in_channel(self, channel: str) -> int | None:
        """The newest incident that lives in the channel."""
        return await self._store.writer.read(lambda connection: incidents.in_channel(connection, channel))

    async def in_threads(self, status: str | None = None, *, limit: int = _MOST_LISTED) -> list[Incident]:
        """The newest incidents that live in threads, as no channel could be opened for them; ``listing``'s order."""

        def read(connection: Connection) -> list[Incident]:
            numbers = incidents.without_channel(connection, status=status, limit=_MOST_LISTED)
            heads = (self._store.log.head(connection, number) for number in numbers)
            return list(itertools.islice((head for head in heads if head.place == "thread"), limit))

        return await self._store.writer.read(read)

    async def listing(self, status: str | None = None) -> list[Incident]:
        """The newest incidents, the last one first; only those of ``status``, if it is given."""
        return list((await self.listings.incidents(status=status)).incidents)
