"""The tables, as typed classes; statements use their Core tables (``INCIDENTS`` and so on).

``events.body`` is the only home of what happened. What ``incidents`` holds beside the lease repeats what the head
says, for lists and for choosing what is due.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from bot.store.columns import Instant, JsonText
from bot.store.refusal_row import REFUSALS as REFUSALS
from bot.store.row import METADATA as METADATA
from bot.store.row import Row, table_of

_DIRTY = text("seq > rested_seq")
_BESIDE = text("beside <> ''")
QUIET = text("muted <> '' AND status = 'firing'")


class IncidentRow(Row, table=True):
    """One incident: where its log ends, who works on it, when to look again."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_wake_at", "wake_at"),
        Index("ix_incidents_dirty", "number", sqlite_where=_DIRTY, postgresql_where=_DIRTY),
        Index("ix_incidents_channel", "channel"),
        Index("ix_incidents_beside", "beside", sqlite_where=_BESIDE, postgresql_where=_BESIDE),
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
    beside: str = Field(default="", sa_type=Text)  # by what the other tool's incident is known, of a guest
    held: bool = False  # legal hold: nothing of it is erased
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
        Index("ix_alerts_belonging", "number", "status", "severity"),
        Index("ix_alerts_last_seen", "last_seen"),
        Index("ix_alerts_quiet", "id", "muted", sqlite_where=QUIET, postgresql_where=QUIET),
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
    changed_at: datetime | None = Field(default=None, sa_type=Instant)  # when it last began or ended
    flaps: int = 0  # how often it began again after it had ended
    muted: str = Field(default="", sa_type=Text)  # what kept it quiet: a mute, a maintenance window, or nothing
    payload: int | None = None  # the request that last changed it


class PayloadRow(Row, table=True):
    """One request as it was received, redacted; only of those that changed something, or were refused."""

    __tablename__ = "payloads"
    __table_args__ = (
        Index("ix_payloads_received_at", "received_at"),
        {"sqlite_autoincrement": True},  # an alert names its request by its id, so none is given twice
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    received_at: datetime = Field(sa_type=Instant)
    delivery: str = Field(default="", sa_type=Text)
    body: str = Field(sa_type=Text)
    refused: str = Field(default="", sa_type=Text)  # why it, or a part of it, was not taken in


class MuteRow(Row, table=True):
    """Alerts with these labels open nothing until ``until``; somebody said so, and why."""

    __tablename__ = "mutes"
    __table_args__ = (Index("ix_mutes_until", "until"),)

    id: int | None = Field(default=None, primary_key=True)
    match: dict[str, str] = Field(sa_type=JsonText)
    at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    by: str
    reason: str = Field(default="", sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str = ""


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
    __table_args__ = (
        Index("ix_changes_service_at", "service", "at"),
        Index("ix_changes_source_external", "source", "external", unique=True),
        Index("ix_changes_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    service: str
    kind: str = ""
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    source: str = ""
    external: str | None = Field(default=None, sa_type=Text)  # what its source calls it: each is there once
    about: str = Field(default="", sa_type=Text)


class PollRow(Row, table=True):
    """What a source said when it was last asked, for finding out what changed since."""

    __tablename__ = "polls"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    state: dict[str, str] = Field(sa_type=JsonText)


INCIDENTS = table_of(IncidentRow)
EVENTS = table_of(EventRow)
SNAPSHOTS = table_of(SnapshotRow)
ALERTS = table_of(AlertRow)
GROUPS = table_of(GroupRow)
PLACED = table_of(PlacedRow)
LIMITS = table_of(LimitRow)
DELIVERIES = table_of(DeliveryRow)
CHANGES = table_of(ChangeRow)
PAYLOADS = table_of(PayloadRow)
MUTES = table_of(MuteRow)
POLLS = table_of(PollRow)
