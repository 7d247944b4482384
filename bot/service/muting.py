"""Mutes: somebody keeps alerts quiet for a while; afterwards those that still fire go where they would have gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.alerts.quiet import LONGEST, Mute, exactly, unreadable
from bot.alerts.routing import SAFETY
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands import AddNote, AnyCommand
from bot.incidents.commands.triage import DismissTriage, RenewTriage
from bot.incidents.decide import decide
from bot.incidents.incident import Incident
from bot.incidents.stamps import stamp
from bot.runbooks.matching import fits
from bot.runbooks.schema import SEVERITIES
from bot.service.attaching import Attaching
from bot.service.crowding import MANY
from bot.store import Lane, Store, deliveries, incidents, mutes
from bot.store import alerts as rows
from bot.yaml.durations import spoken

_MOST_LABELS = 20
_MOST_REASON = 500
#: values that no label has
_ANYTHING = ("nobody-7f3a", "X9 q")
_MOST_ANNOUNCED = 20


class Muting:
    """Every method raises ``DatabaseAway`` if nothing could be stored."""

    def __init__(self, store: Store, attaching: Attaching) -> None:
        self._store = store
        self._attaching = attaching

    async def mute(
        self, match: Mapping[str, str], *, length: timedelta, by: str, reason: str = "", delivery: str | None = None
    ) -> Mute | None:
        """Alerts that fit ``match`` are kept quiet for so long; None if the delivery was seen before. ``Refused``."""
        _allowed(match, length)

        def job(connection: Connection, now: datetime) -> Mute | None:
            if delivery and deliveries.receive(connection, delivery, at=now) is not None:
                return None
            return mutes.add(
                connection, match, at=now, until=now + length, by=by, reason=reason.strip()[:_MOST_REASON]
            )

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    async def mute_incident(
        self, number: int, *, length: timedelta, by: str, reason: str = "", delivery: str | None = None,
        waiting: bool = False,
    ) -> Mute | None:  # fmt: skip
        """The same for alerts like those of the incident: its alert's name, its service, as bad as they are.

        What is worse than that is not kept quiet. The incident's log says who, and until when. ``waiting``: only
        while nobody has opened it.
        """

        def job(connection: Connection, now: datetime) -> Mute | None:
            head = self._store.log.head(connection, number)
            if delivery and deliveries.receive(connection, delivery, at=now, number=number) is not None:
                return None
            match = like(head, rows.severities(connection, number))
            _allowed(match, length)
            words = reason.strip()[:_MOST_REASON]
            mute = mutes.add(connection, match, at=now, until=now + length, by=by, reason=words)
            at = max(now, head.last_at)
            events = [*decide(head, _told(head, mute, waiting=waiting), by=by, now=at)]
            if head.status == "open" and not head.together.kept_open_by:
                events.append(ev.KeptOpen())  # while such alerts are quiet, that none fires proves nothing
            self._store.log.append(connection, number, events, by=by, at=at)
            return mute

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    async def unmute(self, mute: int, *, by: str) -> Mute:
        """The mute is over; what it kept quiet goes on its way, and its announcement has all its buttons again.

        ``Refused`` if there is none that is on.
        """

        def job(connection: Connection, now: datetime) -> Mute | None:
            ended = mutes.end(connection, mute, at=now, by=by)
            if ended is not None:
                self._announce_again(connection, ended, by=by, now=now)
            return ended

        ended = await self._store.writer.submit(job, lane=Lane.CLICK)
        if ended is None:
            raise Refused("no_such_mute", f"There is no mute {mute} that is on; `mute list` shows those that are.")
        await self.release()
        return ended

    def _announce_again(self, connection: Connection, mute: Mute, *, by: str, now: datetime) -> None:
        """Announcements that this mute made quiet."""
        service = mute.match.get("service", "")
        for number in incidents.of_service(connection, service, status=("triage",), limit=_MOST_ANNOUNCED):
            head = self._store.log.head(connection, number)
            if head.triage is not None and head.triage.mute == mute.id and head.firing:
                at = max(now, head.last_at)
                events = decide(head, RenewTriage(), by=by, now=at)
                self._store.log.append(connection, number, events, by=by, at=at)

    async def current(self, now: datetime) -> list[Mute]:
        """The mutes that are on."""
        return await self._store.mutes.current(now)

    async def release(self) -> None:
        """Alerts that nothing keeps quiet any more, and that still fire, join incidents or open them."""
        after: int | None = 0
        while after is not None:
            job = partial(self._attaching.release, after=after)
            after = await self._store.writer.submit(job, lane=Lane.INTAKE)


def like(head: Incident, severities: set[str]) -> dict[str, str]:
    """The patterns that fit alerts like the incident's and nothing that is worse. ``Refused`` if no pattern does."""
    if head.service == MANY:
        raise Refused("many_services", "These are alerts of many services: say which, as in `mute service=fraud 1h`.")
    name = {"alertname": exactly(head.alert_name)} if head.alert_name else {"failure_mode": head.failure_mode}
    if head.failure_mode == SAFETY:
        name["failure_mode"] = SAFETY
    worst = min((SEVERITIES.index(severity) for severity in severities), default=len(SEVERITIES))
    no_worse = "~" + "|".join(SEVERITIES[worst:]) if severities else ""
    return name | {"service": exactly(head.service), "severity": no_worse}


def _told(head: Incident, mute: Mute, *, waiting: bool) -> AnyCommand:
    if waiting or head.status == "triage":
        return DismissTriage(muted_until=mute.until, mute=mute.id)
    return AddNote(text=f"Alerts like these are muted until {stamp(mute.until)} (mute {mute.id}).")


def _allowed(match: Mapping[str, str], length: timedelta) -> None:
    if not any(match.values()):
        raise Refused("needs_labels", "Say which alerts: a label and its value. Nothing mutes all of them.")
    if len(match) > _MOST_LABELS:
        raise Refused("too_many_labels", f"Name {_MOST_LABELS} labels at most.")
    if trouble := unreadable(match):
        raise Refused("no_pattern", trouble)
    if not any(_leaves_out(pattern) for pattern in match.values()):
        raise Refused(
            "too_wide", "That would mute nearly everything. Name a value of a label, as in `service=fraud`."
        )
    if not timedelta(minutes=1) <= length <= LONGEST:
        most = spoken(LONGEST.total_seconds())
        raise Refused("too_long", f"A mute lasts between 1m and {most}; a route says what is never to open.")


def _leaves_out(pattern: str) -> bool:
    """Whether alerts of which nobody thought go on being heard; ``~.*`` and ``!fraud`` fit nearly all."""
    return not any(fits((pattern,), value) for value in _ANYTHING)
