"""Where the controller stands: what it holds, when it looks again and what for, and what is placed in Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from bot.incidents.incident import Incident
from bot.sandbox.backstage.agenda_words import waits_for
from bot.store.placements import Placed
from bot.store.tables import INCIDENTS

MOST_SURFACES: Final = 40


class LeaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the database says of who works on an incident, and when it is looked at again."""

    number: int
    seq: int
    rested_seq: int
    drawn_seq: int
    wake_at: datetime | None
    lease_owner: str | None
    lease_no: int
    lease_until: datetime | None


class SurfaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the incident's in Slack: its name, its state, and where it is."""

    key: str
    state: str
    ts: str
    error: str


class IncidentStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One incident. ``held``: the controller works on it now; ``drawn``: Slack shows all of its log."""

    number: int
    status: str
    seq: int
    held: bool
    lease_no: int
    lease_until: datetime | None
    drawn: bool
    wake_at: datetime | None
    wakes_for: str
    surfaces: tuple[SurfaceRow, ...]


class ControllerState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. ``limits`` are methods that Slack does not listen to for a while, with the time until when."""

    held: int
    incidents: tuple[IncidentStanding, ...]
    limits: tuple[tuple[str, datetime], ...]


def read_leases(connection: Connection, *, most: int) -> list[LeaseRow]:
    """The newest incidents' rows, the last one first."""
    columns = [INCIDENTS.c[name] for name in LeaseRow.__struct_fields__]
    rows = connection.execute(select(*columns).order_by(INCIDENTS.c.number.desc()).limit(most))
    return [LeaseRow(**row._mapping) for row in rows]


def incident_standing(row: LeaseRow, incident: Incident, placed: Mapping[str, Placed]) -> IncidentStanding:
    """One incident's standing from what the database and its log say."""
    wakes = "" if row.wake_at is None else waits_for(incident, row.wake_at, lease_no=row.lease_no + 1)
    surfaces = tuple(
        SurfaceRow(key=one.key, state=one.state, ts=one.ts, error=one.error)
        for one in sorted_by_place(placed.values())
    )
    return IncidentStanding(
        number=row.number,
        status=incident.status,
        seq=row.seq,
        held=row.lease_owner is not None,
        lease_no=row.lease_no,
        lease_until=row.lease_until,
        drawn=row.drawn_seq == row.seq,
        wake_at=row.wake_at,
        wakes_for=wakes,
        surfaces=surfaces[:MOST_SURFACES],
    )


def sorted_by_place(placed: Any) -> Sequence[Placed]:
    """What has no place yet or was refused first, then by name."""
    return sorted(placed, key=lambda one: (one.state == "placed", one.key))
