"""Incidents as guests in channels of others: found or opened, and attached, in one transaction.

A channel has one incident: whoever asks twice, a person and a webhook say, gets the same one. One that somebody leads
is not moved by a tool: there it is asked instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.routing import SAFETY, Routed
from bot.config import Settings
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.guests import AskToMove, AttachToChannel, HearTool
from bot.incidents.decide import decide
from bot.incidents.guests import refused_there
from bot.incidents.incident import Incident
from bot.incidents.insiders import may_read
from bot.incidents.mentions import is_user
from bot.runbooks.matching import failure_mode_of
from bot.runbooks.schema import FAILURE_MODES
from bot.service.crowding import MANY
from bot.service.hearing import Hearing, asked_in, heard, ours, was_over
from bot.service.opening import Beginning, Openings
from bot.store import Lane, Store, deliveries, groups, incidents
from bot.store import guests as channels

_LIVE = ("open", "triage")
_OVER = ("resolved", "cancelled", "merged")
_MOST_LOOKED_AT = 20


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """The channel that an incident is asked into, and which: by ``number``, or the live one of ``service``.

    If the service has none, one is opened there, called ``title`` or as the channel is. ``source`` is who asks.
    ``once``: a channel in which an incident has lived is left alone, be that one over. ``asks``: no person wants it,
    so an incident that somebody leads stays where it is, and it is asked. ``said`` is how the tool's incident stands.
    """

    where: AttachToChannel
    source: str
    number: int | None = None
    service: str = ""
    title: str = ""
    severity: str | None = None
    team_id: str = ""
    once: bool = False
    asks: bool = False
    said: HearTool | None = None


class Attached(msgspec.Struct, frozen=True):
    """The incident that is walked in the channel. ``how``: it was there already, it came, or it was opened there.

    ``asked``: it is walked elsewhere, and people are asked in the channel whether it goes on there.
    """

    incident: Incident
    how: Literal["already", "came", "opened", "asked"]


class Guests:
    """``owner`` is who holds an incident that is opened here; None: nobody."""

    def __init__(self, store: Store, settings: Settings, openings: Openings, *, owner: str | None) -> None:
        self._store = store
        self._settings = settings
        self._openings = openings
        self._owner = owner
        self.hearing = Hearing(store, settings)

    async def attach(self, invitation: Invitation, *, by: str, delivery: str | None = None) -> Attached:
        """The incident is in the channel. Raises ``Refused``, ``NewerSchema``, ``DatabaseAway``."""
        self._demand_theirs(invitation.where)
        beginning = self._beginning(invitation) if invitation.service else None

        def job(connection: Connection, now: datetime) -> Attached:
            repeated = deliveries.receive(connection, delivery, at=now) if delivery else None
            if repeated is not None and repeated.number is not None:
                known = self._store.log.head(connection, repeated.number)
                elsewhere = invitation.asks and known.channel != invitation.where.channel
                return Attached(known, "asked" if elsewhere else "already")
            attached = self._attached(connection, now, invitation, beginning, by)
            if delivery:
                deliveries.about(connection, delivery, attached.incident.number)
            return attached

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    def _attached(
        self, connection: Connection, now: datetime, invitation: Invitation, beginning: Beginning | None, by: str
    ) -> Attached:
        # Before any incident's row, or two locks would wait for each other.
        channels.lock_channel(connection, invitation.where.channel)
        places = self._places(connection, invitation)
        groups.lock(connection, places)
        said = invitation.said
        if said is not None and was_over(connection, invitation.where.channel, at=said.said_at):
            raise Refused("over_there", "the incident is over there")
        there, head = self._found(connection, invitation, by)
        if there is not None and invitation.number not in (None, there.number):
            raise Refused("occupied", f"{there.key} lives in this channel; two would not be told apart.")
        if there is not None:
            if not refused_there(there) or invitation.once:
                told = heard(self._store, connection, now, there, said) if said is not None else there
                return Attached(told, "already")
            head = there
        if head is not None and invitation.asks and head.lead and head.place != "guest":
            asked_in(connection, invitation.where.channel, head.number, at=now)
            return Attached(self._decided(connection, now, head, _question(invitation.where), by), "asked")
        if head is not None:
            moved = self._decided(connection, now, head, invitation.where, by)
            self._gather(connection, now, head, places)
            return Attached(moved, "came")
        before = self._asked_before(connection, invitation) if invitation.asks else None
        if before is not None:
            return Attached(before, "asked")
        if beginning is None:
            raise Refused("which_incident", "Say which incident, or which service, this channel is about.")
        opened = self._opened(connection, now, invitation, beginning, by)
        self._gather(connection, now, opened, places)
        return Attached(opened, "opened")

    def _decided(
        self, connection: Connection, now: datetime, head: Incident, command: AttachToChannel | AskToMove, by: str
    ) -> Incident:
        at = max(now, head.last_at)
        events = decide(head, command, by=by, now=at)
        if events:
            self._store.log.append(connection, head.number, events, by=by, at=at)
        return self._store.log.head(connection, head.number)

    def _found(
        self, connection: Connection, invitation: Invitation, by: str
    ) -> tuple[Incident | None, Incident | None]:
        """The live incident of the channel, and the one that is wanted there: the one that was named, or the newest
        live one of the service that is no guest elsewhere. Rows are locked by number."""
        here = incidents.in_channel(connection, invitation.where.channel)
        wanted = [invitation.number] if invitation.number is not None else []
        if not wanted and invitation.service:
            wanted = incidents.of_service(connection, invitation.service, status=_LIVE, limit=_MOST_LOOKED_AT)
        numbers = sorted({*wanted, *([here] if here is not None else [])})
        heads = {number: self._store.log.head(connection, number) for number in numbers}
        lives = here is not None and (invitation.once or heads[here].status in _LIVE)
        there = heads[here] if here is not None and lives else None
        if invitation.number is not None:
            return there, heads[invitation.number]
        found = (heads[number] for number in wanted if _may_be_named(heads[number], invitation, by))
        return there, next((head for head in found if head.status in _LIVE and head.place != "guest"), None)

    def _asked_before(self, connection: Connection, invitation: Invitation) -> Incident | None:
        """The incident that was asked into the channel and stayed elsewhere to its end: people know of it there."""
        over = incidents.of_service(connection, invitation.service, status=_OVER, limit=_MOST_LOOKED_AT)
        heads = (self._store.log.head(connection, number) for number in over)
        asked = (head for head in heads if invitation.where.channel in {one.channel for one in head.asked_into})
        return next(asked, None)

    def _opened(
        self, connection: Connection, now: datetime, invitation: Invitation, beginning: Beginning, by: str
    ) -> Incident:
        log, where = self._store.log, invitation.where
        number = log.begin(connection, at=now)
        opened, *rest = self._openings.events(number, beginning)
        events = [replace(opened, channel_name="") if isinstance(opened, ev.IncidentOpened) else opened, *rest]
        log.append(connection, number, events, by=by, at=now)
        log.append(connection, number, decide(log.head(connection, number), where, by=by, now=now), by=by, at=now)
        if self._owner is not None:
            self._store.leases.bear(connection, number, owner=self._owner, now=now)
        return log.head(connection, number)

    def _demand_theirs(self, where: AttachToChannel) -> None:
        """Raises ``Refused`` for the channels where incidents are announced and stakeholders are told."""
        settings = self._settings
        audiences = (audience.channel for audience in settings.audiences.values())
        ours = {settings.incidents_channel, settings.stakeholders_channel, *audiences}
        if where.channel in ours or f"#{where.name}" in ours:
            raise Refused("ours", "This channel is for announcements and updates: attach in the incident's own.")

    def _places(self, connection: Connection, invitation: Invitation) -> list[groups.Key]:
        """Where alerts of the service are grouped, of whatever failure mode."""
        service = invitation.service[:200]
        if invitation.number is not None:
            service = incidents.service_of(connection, invitation.number)
        return [(service, mode) for mode in FAILURE_MODES] if service else []

    def _gather(self, connection: Connection, now: datetime, head: Incident, places: list[groups.Key]) -> None:
        """Alerts of the service join the guest, whatever they are about: none opens a channel beside another tool's.

        A live incident of another failure mode goes on getting its own; that of many services gives the service up.
        """
        held = groups.lock(connection, places)
        live = incidents.live(connection, {last[0] for last in held.values() if last is not None})
        others = {number for number in live if incidents.service_of(connection, number) != MANY}
        for place in places:
            last = held[place]
            if place[1] in _modes(head.failure_mode) and (last is None or last[0] not in others - {head.number}):
                groups.put(connection, place, number=head.number, at=now)

    def _beginning(self, invitation: Invitation) -> Beginning:
        service, where = invitation.service[:200], invitation.where
        nameless = f"incident of {where.tool}" if where.tool else "incident"
        said = invitation.title.strip()[:300]
        title = said or (f"#{where.name}" if where.name else nameless)
        severity = ours(invitation.severity or "", self._settings)
        labels = {"service": service}
        mode = failure_mode_of(labels | {"alertname": title}, self._settings.failure_modes)
        about = Routed(service=service, failure_mode=mode, severity=severity or self._settings.default_severity)
        shown = nameless if where.private and said else title  # what it is about is read in that channel alone
        return Beginning(
            title=shown, source=invitation.source, about=about, labels=labels, alert_url=where.url,
            team_id=invitation.team_id,
        )  # fmt: skip


def _question(where: AttachToChannel) -> AskToMove:
    return AskToMove(channel=where.channel, name=where.name, tool=where.tool, url=where.url)


def _may_be_named(head: Incident, invitation: Invitation, by: str) -> bool:
    """Whether the incident may come because of its service: of a private one nobody hears in this way, and only a
    person who belongs to it takes it into another private channel."""
    return not head.private or (invitation.where.private and is_user(by) and may_read(head, by))


def _modes(mode: str) -> tuple[str, ...]:
    """The failure modes whose alerts join a guest: all, but what has to stay private stays apart."""
    return (SAFETY,) if mode == SAFETY else tuple(known for known in FAILURE_MODES if known != SAFETY)
