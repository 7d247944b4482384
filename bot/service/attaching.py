"""Alerts become rows, join incidents or open them: the job of one transaction.

Only what is new makes an event, and one for each incident and commit: a repeat touches ``last_seen`` and ``count``.
A resolved alert never opens an incident. Locks are taken in one order everywhere: alerts, groups, incidents by
number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.grouping import group
from bot.alerts.quiet import Window, quiet_labels, quieting, why_quiet
from bot.alerts.routing import Routed, route
from bot.incidents import events as ev
from bot.service.belonging import Pairs, kept_quiet, newest_of, parted, place_of
from bot.service.crowding import MANY, Crowd, by_place, of_many
from bot.service.dating import dated
from bot.service.holding_back import HoldingBack
from bot.service.intake import Delivery, Taken
from bot.service.joining import Joining, attached, left_out
from bot.service.missed import missed_ends
from bot.service.opening import Openings, from_alerts
from bot.service.receiving import kept, not_seen_before
from bot.service.triaging import stirred, waiting
from bot.service.worsening import Worsening, worsened
from bot.store import Store, groups, mutes
from bot.store import alerts as rows
from bot.store.alerts import Key, Received


class Attaching:
    """``attach`` is the job. ``owner`` is who holds an incident that is opened here; None: nobody.
    ``most``: how many incidents may begin within ten minutes."""

    def __init__(
        self,
        store: Store,
        openings: Openings,
        *,
        owner: str | None,
        window: timedelta,
        maintenance: Sequence[Window] = (),
        most: int,
    ) -> None:
        self._store = store
        self._openings = openings
        self._owner = owner
        self._window = window
        self._maintenance = maintenance
        self._most = most
        self._holding = HoldingBack(store)
        self._joining = Joining(store)
        self._worsening = Worsening(store)

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
        known, about = self._rows(connection, now, sent, deliveries)
        grown = worsened(sent.values(), known, self._openings.rules)
        known |= grown
        again = self._worsening.unattended(connection, grown)
        arrived = [
            (alert, known[key])
            for key, alert in sent.items()
            if alert.status == "firing"
            and (key in about or key in again or known[key].status == "resolved" or kept_quiet(known[key]))
        ]
        over = [
            (alert, known[key])
            for key, alert in sent.items()
            if alert.status == "resolved" and key not in about and known[key].status == "firing"
        ]
        missed = missed_ends(connection, sent, about)
        over += missed
        passed = {row.id for _, row in missed}
        arrived = [(alert, row) for alert, row in arrived if row.id not in passed]
        numbers = {key: row.number for key, row in known.items()}
        numbers |= {alert.key: row.number for alert, row in missed}
        about |= {alert.key: self._openings.about(alert, row) for alert, row in arrived if alert.key not in about}
        risen = [(sent[key], row) for key, row in grown.items()]
        about |= {key: self._openings.about(sent[key], row) for key, row in grown.items() if key not in about}
        numbers |= self._let_in(connection, now, arrived, about, over=[*over, *risen], deliveries=deliveries)
        self._worsening.worsen(connection, now, risen, about)
        self._joining.end(connection, now, over)
        self._holding.look(connection, now, [row for _, row in over if row.muted])
        self._holding.look_again(connection, now, {row.number for _, row in over})
        return numbers

    def _rows(
        self, connection: Connection, now: datetime, sent: dict[Key, Alert], deliveries: tuple[Delivery, ...]
    ) -> tuple[dict[Key, Received], dict[Key, Routed]]:
        """The rows of all that was sent, locked and counted, as they were before; and what the new ones are about."""
        known = {row.key: row for row in rows.lock(connection, sent)}
        missing = sorted(key for key in sent if key not in known)
        payloads = kept(connection, now, deliveries, known)
        rows.changed_by(connection, {row.id: payloads[key] for key, row in known.items() if key in payloads})
        rules = self._openings.rules
        routed = {key: route(sent[key], rules) for key in missing}
        new = rows.add(connection, [(sent[key], routed[key]) for key in missing], at=now, payloads=payloads)
        known |= {row.key: row for row in new}
        # Another replica may have been quicker with some of them.
        known |= {row.key: row for row in rows.lock(connection, [key for key in missing if key not in known])}
        fresh = {row.id for row in new}
        times = Counter(alert.key for delivery in deliveries for alert in delivery.alerts)
        again = {row.id: times[key] - (row.id in fresh) for key, row in known.items()}
        rows.touch(connection, {row_id: count for row_id, count in again.items() if count}, at=now)
        return known, {row.key: routed[row.key] for row in new}

    def _let_in(
        self,
        connection: Connection,
        now: datetime,
        arrived: Pairs,
        about: Mapping[Key, Routed],
        *,
        over: Pairs = (),
        deliveries: Iterable[Delivery] = (),
    ) -> dict[Key, int]:
        """What a mute or a window keeps quiet stays outside; the rest is grouped."""
        quiet = self._quiet(connection, now, arrived, about)
        mutes.hush(connection, quiet)
        loud = [(alert, row) for alert, row in arrived if row.id not in quiet]
        numbers = self._grouped(connection, now, loud, over, deliveries, about=about)
        self._holding.look(connection, now, [row for _, row in arrived if row.id in quiet])
        return numbers

    def _quiet(
        self, connection: Connection, now: datetime, arrived: Pairs, about: Mapping[Key, Routed]
    ) -> dict[int, str]:
        """The alerts that are kept quiet, and what keeps them."""
        on = mutes.current(connection, now) if arrived else []
        if not on and not self._maintenance:
            return {}
        whys = {
            row.id: why_quiet(quiet_labels(alert, about[alert.key]), now, mutes=on, windows=self._maintenance)
            for alert, row in arrived
        }
        return {alert_id: why for alert_id, why in whys.items() if why}

    def release(self, connection: Connection, now: datetime, *, after: int = 0) -> int | None:
        """Alerts that nothing keeps quiet any more go where they would have gone. The last one that was looked at;
        None if there are no more."""
        on = quieting(now, mutes=mutes.current(connection, now), windows=self._maintenance)
        still = mutes.hushed(connection, but_for=on, after=after)
        arrived = [(self._openings.stored(row), row) for row in still]
        self._let_in(
            connection, now, arrived, {alert.key: self._openings.about(alert, row) for alert, row in arrived}
        )
        self._holding.look(connection, now, still)
        return still[-1].id if len(still) == mutes.MOST_AT_ONCE else None

    def _grouped(
        self,
        connection: Connection,
        now: datetime,
        arrived: Pairs,
        over: Pairs,
        deliveries: Iterable[Delivery],
        *,
        about: Mapping[Key, Routed],
    ) -> dict[Key, int]:
        """Every alert that arrived joins an incident or opens one; which, by the alert's key."""
        found = groups.lock(connection, {place_of(row) for _, row in arrived})
        crowd = Crowd(connection, now, most=self._most, places=len(found))
        newest_in = found | crowd.found
        past = self._joining.past(connection, now, [pair for pair in arrived if found[place_of(pair[1])]])
        involved = {newest[0] for newest in newest_in.values() if newest} | {row.number for _, row in over}
        involved |= {life.number for lives in past.values() for life in lives}
        heads = {n: self._store.log.head(connection, n) for n in sorted(n for n in involved if n is not None)}
        numbers: dict[Key, int] = {}

        def place_in(place: groups.Key, joins: int | None, some: Pairs) -> None:
            missing, last = left_out(deliveries, some), newest_in[place]
            if joins is None:
                number = self._open(connection, now, some, missing, about=about, place=place)
            else:
                number = self._joining.join(connection, now, heads[joins], some, missing, past=past)
                self._stir(connection, now, number, some, about)
            rows.attach(connection, [row.id for _, row in some], number)
            if last is None or number >= last[0]:  # alerts that went home to an older incident move nothing
                groups.put_all(connection, {place, *(place_of(row) for _, row in some)}, number=number, at=now)
            numbers.update({alert.key: number for alert, _ in some})

        for place, these in by_place(arrived, worst_first=bool(crowd.found)):
            newest = newest_of(found[place], heads, now)
            for joins, some in parted(these, past, heads, newest, now=now, window=self._window):
                if joins is not None or crowd.begins(some, about):
                    place_in(place, joins, some)
        for place, some in crowd.together():
            newest = newest_of(newest_in[place], heads, now)
            place_in(place, group(newest, now=now, window=self._window).number, some)
        return numbers

    def _stir(
        self, connection: Connection, now: datetime, number: int, these: Pairs, about: Mapping[Key, Routed]
    ) -> None:
        """One that waits may be announced, or open, because of those that joined; a public one may become private."""
        head, abouts = self._store.log.head(connection, number), [about[alert.key] for alert, _ in these]
        events = [*stirred(head, abouts)]
        route_of = next((one.route for one in abouts if one.private), None)
        if route_of is not None and not head.private:
            events.append(ev.MadePrivate(reason=f"the route {route_of} is private"))
        if events:
            self._store.log.append(connection, number, events, by=these[0][0].source, at=now)

    def _open(
        self,
        connection: Connection,
        now: datetime,
        these: Pairs,
        missing: list[ev.AnyEvent],
        *,
        about: Mapping[Key, Routed],
        place: groups.Key,
    ) -> int:
        log, source = self._store.log, these[0][0].source
        number = log.begin(connection, at=now)
        waits = waiting([about[alert.key] for alert, _ in these], window=self._window.total_seconds())
        beginning = replace(from_alerts([(alert, about[alert.key]) for alert, _ in these]), waiting=waits)
        if place[0] == MANY:
            beginning = of_many(beginning, place)
        events = self._openings.events(number, beginning, [attached(these), *missing])
        log.append(connection, number, events, by=source, at=now)
        if self._owner is not None:
            self._store.leases.bear(connection, number, owner=self._owner, now=now)
        return number


def _taken(delivery: Delivery, numbers: dict[Key, int | None]) -> Taken:
    belongs = {number for alert in delivery.alerts if (number := numbers.get(alert.key)) is not None}
    return Taken(accepted=len(delivery.alerts), incidents=[f"INC-{number}" for number in sorted(belongs)])
