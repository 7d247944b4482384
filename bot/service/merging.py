"""Two incidents become one, or one becomes two: rows and both logs, in one transaction.

Locks are taken in the order of everything else: alerts, groups, incidents by number. A deadlock with alerts that come
in meanwhile ends by the writer's doing the job again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.routing import SAFETY, is_private, matched
from bot.incidents import events as ev
from bot.incidents.deciding import merging, silences
from bot.incidents.incident import Incident
from bot.personal import without_address_in_link, without_persons
from bot.service.holding_back import HoldingBack
from bot.service.opening import Openings, began, from_alerts
from bot.store import Lane, Store, belongings, deliveries, groups, kinds
from bot.store import alerts as rows
from bot.store.belongings import Seen
from bot.store.kinds import Going, Kind

_FIRST = 20
#: a page and an answer hold no more of them
MOST_LISTED = 1000


class Both(msgspec.Struct, frozen=True):
    """The incident that goes on, or that was split off; ``other`` is the one that it was merged or split with.

    ``heard``: so many of its alerts were silent at their source, and are to be heard.
    """

    incident: Incident
    other: Incident
    heard: int = 0


class Merging:
    """``owner`` is who holds an incident that is opened here; None: nobody."""

    def __init__(self, store: Store, openings: Openings, *, owner: str | None) -> None:
        self._store = store
        self._openings = openings
        self._owner = owner
        self._holding = HoldingBack(store)

    async def kinds(self, number: int, words: str = "") -> list[Kind]:
        """The kinds of the incident's alerts, to choose from, ``MOST_KINDS`` at most.

        ``words``: only those in whose name, service or failure mode they are; ``region=eu``: all with that label.
        """
        shown = self._openings.personal.kept_labels
        found = await self._store.writer.read(lambda connection: kinds.kinds(connection, number, words, shown))
        return [replace(kind, name=without_persons(kind.name)) for kind in found]

    async def alerts(self, number: int, *, limit: int = MOST_LISTED) -> list[Seen]:
        """The incident's alerts, those that fire first. ``Refused`` if there is no such incident."""

        def read(connection: Connection) -> list[Seen]:
            self._store.log.head(connection, number)
            return belongings.seen(connection, number, limit=limit)

        return [_shown(one) for one in await self._store.writer.read(read)]

    async def merge(self, number: int, *, into: int, by: str, delivery: str | None = None) -> Both:
        """Incident ``number`` goes on as ``into``, with its alerts and people. Raises ``Refused``."""

        def job(connection: Connection, now: datetime) -> tuple[int, int]:
            if number != into:
                belongings.lock_all(connection, number)
                belongings.places(connection, number)
            heads = {one: self._store.log.head(connection, one) for one in sorted({number, into})}
            merging.may_merge(heads[into], heads[number])
            firing = rows.firing(connection, number, reported=heads[number].reports > 0)
            belongings.move_all(connection, number, to=into)
            told = merging.merged(heads[into], heads[number], firing=firing)
            for one, events in sorted(zip((into, number), told, strict=True)):
                self._store.log.append(connection, one, events, by=by, at=now)
            self._hold_back(connection, now, into)
            return into, number

        return await self._once(job, delivery=delivery, about=into, other=number)

    async def split(self, number: int, keys: Collection[str], *, by: str, delivery: str | None = None) -> Both:
        """The alerts that these ``Kind.key`` name leave the incident and open another one. Raises ``Refused``."""
        heard = 0

        def job(connection: Connection, now: datetime) -> tuple[int, int]:
            nonlocal heard
            going = kinds.chosen(connection, number, keys)
            places = {(row.service, row.failure_mode) for row in going}
            groups.lock(connection, places)
            head = self._store.log.head(connection, number)
            merging.may_split(head, chosen=len(going), stay=belongings.count(connection, number) - len(going))
            came = _came(going)
            new = self._opened(connection, now, head, going, came, by=by)
            belongings.move(connection, [row.id for row in going], to=new)
            belongings.repoint(connection, number=number, to=new, of=places, at=now)
            firing = rows.firing(connection, number, reported=head.reports > 0)
            gone = {(row.source, row.fingerprint) for row in going}
            heard = silences.silent(head, gone)
            events = (*merging.split_off(new, came, firing=firing), *silences.parted(head, gone, number=new))
            self._store.log.append(connection, number, events, by=by, at=now)
            self._hold_back(connection, now, new, number)
            return new, number

        return replace(await self._once(job, delivery=delivery, about=number, other=number), heard=heard)

    def _opened(
        self,
        connection: Connection,
        now: datetime,
        head: Incident,
        going: list[Going],
        came: ev.AlertsAttached,
        *,
        by: str,
    ) -> int:
        log = self._store.log
        number = log.begin(connection, at=now)
        before, after = merging.split_from(head, by=by)
        # Only the severest says what it is about: what the routes say of a hundred thousand takes ten seconds.
        severest = min(going, key=lambda row: (row.severity or "SEV9", row.starts_at))
        row = kinds.whole(connection, severest)
        alert = self._openings.stored(row)
        about = self._openings.about(alert, row)
        private = head.private or about.private or self._stays_private(connection, going)
        beginning = from_alerts([(alert, replace(about, private=private))])
        beginning = replace(beginning, team_id=head.team_id, began_at=began(row.starts_at for row in going))
        opened = self._openings.events(number, beginning, [*before, *_seen(going, came)])
        log.append(connection, number, [*opened, *after], by=by, at=now)
        if self._owner is not None:
            self._store.leases.bear(connection, number, owner=self._owner, now=now)
        return number

    def _stays_private(self, connection: Connection, going: list[Going]) -> bool:
        """Whether any of them is about safety, or goes by a private route, though it may not be the severest."""
        if any(row.failure_mode == SAFETY for row in going):
            return True
        rules = self._openings.rules
        if not any(one.private for one in rules.routes):
            return False
        said = (matched(one.name, known, source=one.source) for one, known in kinds.labels(connection, going))
        return any(is_private(labels, rules) for labels in said)

    def _hold_back(self, connection: Connection, now: datetime, *numbers: int) -> None:
        """What alerts of other kinds do that are kept quiet is a matter of these incidents from now on."""
        for number in sorted(numbers):
            self._holding.told(connection, now, number)

    async def _once(
        self,
        job: Callable[[Connection, datetime], tuple[int, int]],
        *,
        delivery: str | None,
        about: int,
        other: int,
    ) -> Both:
        """What became of it; a repeated delivery changes nothing."""

        def once(connection: Connection, now: datetime) -> Both:
            seen = deliveries.receive(connection, delivery, at=now, number=about) if delivery else None
            one, two = job(connection, now) if seen is None else (seen.number or about, other)
            if delivery:
                deliveries.about(connection, delivery, one)
            return Both(self._store.log.head(connection, one), self._store.log.head(connection, two))

        return await self._store.writer.submit(once, lane=Lane.CLICK)


def _shown(one: Seen) -> Seen:
    """Without what is about persons, should an older version have kept it."""
    return replace(
        one, name=without_persons(one.name), text=without_persons(one.text), url=without_address_in_link(one.url)
    )  # fmt: skip


def _each(going: list[Going]) -> list[Going]:
    """Each alert once, however often it began; as it fires, if it does."""
    once: dict[tuple[str, str], Going] = {}
    for row in going:
        known = once.get((row.source, row.fingerprint))
        if known is None or known.status != "firing":
            once[row.source, row.fingerprint] = row
    return list(once.values())


def _came(going: list[Going]) -> ev.AlertsAttached:
    each = _each(going)
    return ev.AlertsAttached(
        count=len(each),
        fingerprints=tuple(row.fingerprint for row in each[:_FIRST]),
        severity=min((row.severity for row in each if row.severity), default=None),
        names=tuple(dict.fromkeys(row.name for row in each if row.name))[:_FIRST],
        reports=sum(row.reported for row in each),
    )


def _seen(going: list[Going], came: ev.AlertsAttached) -> list[ev.AnyEvent]:
    """The alerts as the new log knows them: all came, and some are over."""
    over = [row for row in _each(going) if row.status == "resolved"]
    if not over:
        return [came]
    ended = tuple(row.fingerprint for row in over[:_FIRST])
    firing = came.count - len(over) - came.reports
    return [came, ev.AlertsResolved(count=len(over), fingerprints=ended, firing=firing)]
