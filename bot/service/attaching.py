"""Alerts become rows, join incidents or open them: the job of one transaction.

Only what is new makes an event, and one for each incident and commit: a repeat touches ``last_seen`` and ``count``.
A resolved alert never opens an incident. Locks are taken in one order everywhere: alerts, groups, incidents by
number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed, route
from bot.incidents import events as ev
from bot.service.belonging import Pairs, newest_of, parted
from bot.service.dating import dated
from bot.service.intake import Delivery, Taken
from bot.service.joining import Joining, attached, left_out
from bot.service.opening import Openings, from_alerts
from bot.service.receiving import kept, not_seen_before
from bot.store import Store, groups
from bot.store import alerts as rows
from bot.store.alerts import Key, Received


class Attaching:
    """``attach`` is the job. ``owner`` is who holds an incident that is opened here; None: nobody."""

    def __init__(self, store: Store, openings: Openings, *, owner: str | None, window: timedelta) -> None:
        self._store = store
        self._openings = openings
        self._owner = owner
        self._window = window
        self._joining = Joining(store)

    def attach(self, connection: Connection, now: datetime, deliveries: tuple[Delivery, ...]) -> list[Taken]:
        """What became of each delivery; one that came before changes nothing."""
        deliveries = dated(connection, deliveries)
        new = not_seen_before(connection, now, deliveries)
        numbers = self._attached(connection, now, new)
        if len(new) < len(deliveries):
            again = {alert.key for delivery in deliveries for alert in delivery.alerts if alert.key not in numbers}
            numbers = rows.numbers(connection, again) | numbers
        return [_taken(delivery, numbers) for delivery in deliveries]

    def _attached(
        self, connection: Connection, now: datetime, deliveries: tuple[Delivery, ...]
    ) -> dict[Key, int | None]:
        """The incidents of all that was sent, by the alerts' keys."""
        sent = {alert.key: alert for delivery in deliveries for alert in delivery.alerts}  # the last word counts
        known, fresh = self._rows(connection, now, sent, deliveries)
        arrived = [
            (alert, known[key])
            for key, alert in sent.items()
            if alert.status == "firing" and (known[key].id in fresh or known[key].status == "resolved")
        ]
        over = [
            (alert, known[key])
            for key, alert in sent.items()
            if alert.status == "resolved" and known[key].id not in fresh and known[key].status == "firing"
        ]
        numbers = {key: row.number for key, row in known.items()}
        numbers |= self._grouped(connection, now, arrived, over, deliveries)
        self._joining.end(connection, now, over)
        return numbers

    def _rows(
        self, connection: Connection, now: datetime, sent: dict[Key, Alert], deliveries: tuple[Delivery, ...]
    ) -> tuple[dict[Key, Received], set[int]]:
        """The rows of all that was sent, locked and counted, as they were before; and the ids of the new ones."""
        known = {row.key: row for row in rows.lock(connection, sent)}
        missing = sorted(key for key in sent if key not in known)
        payloads = kept(connection, now, deliveries, known)
        rows.changed_by(connection, {row.id: payloads[key] for key, row in known.items() if key in payloads})
        rules = self._openings.rules
        routed = [(sent[key], route(sent[key], rules)) for key in missing]
        new = rows.add(connection, routed, at=now, payloads=payloads)
        known |= {row.key: row for row in new}
        # Another replica may have been quicker with some of them.
        known |= {row.key: row for row in rows.lock(connection, [key for key in missing if key not in known])}
        fresh = {row.id for row in new}
        times = Counter(alert.key for delivery in deliveries for alert in delivery.alerts)
        again = {row.id: times[key] - (row.id in fresh) for key, row in known.items()}
        rows.touch(connection, {row_id: count for row_id, count in again.items() if count}, at=now)
        return known, fresh

    def _grouped(
        self, connection: Connection, now: datetime, arrived: Pairs, over: Pairs, deliveries: Iterable[Delivery]
    ) -> dict[Key, int]:
        """Every alert that arrived joins an incident or opens one; which, by the alert's key."""
        found = groups.lock(connection, {_place(row) for _, row in arrived})
        past = self._joining.past(connection, now, arrived)
        involved = {newest[0] for newest in found.values() if newest} | {row.number for _, row in over}
        involved |= {life.number for lives in past.values() for life in lives}
        heads = {n: self._store.log.head(connection, n) for n in sorted(n for n in involved if n is not None)}
        numbers: dict[Key, int] = {}
        for place, last in sorted(found.items(), key=lambda item: item[0]):
            these = [(alert, row) for alert, row in arrived if _place(row) == place]
            newest = newest_of(last, heads, now)
            for joins, some in parted(these, past, heads, newest, now=now, window=self._window):
                missing = left_out(deliveries, some)
                if joins is None:
                    number = self._open(connection, now, some, missing)
                else:
                    number = self._joining.join(connection, now, heads[joins], some, missing, past=past)
                rows.attach(connection, [row.id for _, row in some], number)
                if last is None or number >= last[0]:  # alerts that went home to an older incident move nothing
                    groups.put(connection, place, number=number, at=now)
                numbers |= {alert.key: number for alert, _ in some}
        return numbers

    def _open(self, connection: Connection, now: datetime, these: Pairs, missing: list[ev.AnyEvent]) -> int:
        log, source = self._store.log, these[0][0].source
        number = log.begin(connection, at=now)
        beginning = from_alerts([(alert, _routed(row)) for alert, row in these])
        events = self._openings.events(number, beginning, [attached(these), *missing])
        log.append(connection, number, events, by=source, at=now)
        if self._owner is not None:
            self._store.leases.bear(connection, number, owner=self._owner, now=now)
        return number


def _place(row: Received) -> groups.Key:
    return (row.service, row.failure_mode)


def _routed(row: Received) -> Routed:
    return Routed(service=row.service, failure_mode=row.failure_mode, severity=row.severity)


def _taken(delivery: Delivery, numbers: dict[Key, int | None]) -> Taken:
    belongs = {number for alert in delivery.alerts if (number := numbers.get(alert.key)) is not None}
    return Taken(accepted=len(delivery.alerts), incidents=[f"INC-{number}" for number in sorted(belongs)])
