"""The tables, as typed classes; statements use their Core tables (``INCIDENTS`` and so on).

``events.body`` is the only home of what happened. What ``incidents`` holds beside the lease repeats what the head
says, for lists and for choosing what is due.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, MetaData, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.columns import Instant, JsonText

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_DIRTY = text("seq > rested_seq")


class Row(SQLModel):
    """Base of the tables."""

    metadata = METADATA


class IncidentRow(Row, table=True):
    """One incident: where its log ends, who works on it, when to look again."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_wake_at", "wake_at"),
        Index("ix_incidents_dirty", "number", sqlite_where=_DIRTY, postgresql_where=_DIRTY),
        Index("ix_incidents_channel", "channel"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    seq: int = 0
    event_schema: int = Field(default=1, sa_column_kwargs={"name": "schema"})  # the highest in its log
    status: str = "open"
    service: str = ""
    failure_mode: str = ""
    severity: str | None = None
    title: str = Field(default="", sa_type=Text)
    team_id: str = ""
    channel: str = ""
    opened_at: datetime = Field(sa_type=Instant)
    wake_at: datetime | None = Field(default=None, sa_type=Instant)
    rested_seq: int = 0
    drawn_seq: int = 0  # up to here Slack shows it, and nothing was put off
    lease_owner: str | None = None
    lease_no: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Instant)


class EventRow(Row, table=True):
    """One entry of a log. Never updated, but for ``redact``. ``started`` is the step and attempt of an ActionStarted:
    there is one of each at most."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_number_started", "number", "started", unique=True),)

    number: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    by: str
    kind: str
    event_schema: int = Field(sa_column_kwargs={"name": "schema"})
    body: str = Field(sa_type=Text)
    started: str | None = Field(default=None, sa_type=Text)


class SnapshotRow(Row, table=True):
    """A folded head, so that a long log is not folded from its beginning."""

    __tablename__ = "snapshots"

    number: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    fold_version: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)


class AlertRow(Row, table=True):
    """One alert from its start to its end, however often it was sent. ``number``: the incident it belongs to."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("source", "fingerprint", "starts_at"),
        Index("ix_alerts_number", "number"),
        Index("ix_alerts_last_seen", "last_seen"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int | None = None
    source: str
    fingerprint: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    status: str
    name: str
    service: str
    failure_mode: str
    severity: str | None = None
    labels: dict[str, str] = Field(sa_type=JsonText)
    annotations: dict[str, str] = Field(sa_type=JsonText)
    url: str = Field(default="", sa_type=Text)
    first_seen: datetime = Field(sa_type=Instant)
    last_seen: datetime = Field(sa_type=Instant)
    count: int = 1


class GroupRow(Row, table=True):
    """What grouping locks before it decides: the newest incident of a service and failure mode."""

    __tablename__ = "groups"

    service: str = Field(primary_key=True)
    failure_mode: str = Field(primary_key=True)
    number: int | None = None
    last_at: datetime | None = Field(default=None, sa_type=Instant)


class PlacedRow(Row, table=True):
    """One surface of an incident: what we mean to place, have placed, or were refused."""

    __tablename__ = "placed"

    number: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    kind: str
    state: str
    intent_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_from: datetime | None = Field(default=None, sa_type=Instant)
    channel: str = ""
    ts: str = ""
    extra: str = ""
    name: str = ""
    digest: str = ""
    lease_no: int = 0
    error: str = ""


class LimitRow(Row, table=True):
    """A method of Slack's Web API that no replica calls before ``until``."""

    __tablename__ = "limits"

    method: str = Field(primary_key=True)
    until: datetime = Field(sa_type=Instant)


class DeliveryRow(Row, table=True):
    """Something Slack sent us and that was carried out; ``number`` is the incident that it was about."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_at", "at"),)

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    number: int | None = None


class ChangeRow(Row, table=True):
    """A deploy, a flag or an alias that somebody told us about."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_service_at", "service", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    service: str
    kind: str = ""
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)


def _table(row: type[Row]) -> Table:
    table: Any = row.__dict__["__table__"]
    assert isinstance(table, Table)  # noqa: S101 - SQLModel keeps it untyped
    return table


INCIDENTS = _table(IncidentRow)
EVENTS = _table(EventRow)
SNAPSHOTS = _table(SnapshotRow)
ALERTS = _table(AlertRow)
GROUPS = _table(GroupRow)
PLACED = _table(PlacedRow)
LIMITS = _table(LimitRow)
DELIVERIES = _table(DeliveryRow)
CHANGES = _table(ChangeRow)
