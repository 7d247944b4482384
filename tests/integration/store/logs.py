"""Incidents to write about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.incidents import events as ev
from bot.store import Lane, Store

EVENKEEL = "evenkeel"


def opened(number: int, *, service: str = "fraud-scorer", severity: str | None = None) -> ev.IncidentOpened:
    """The first event of a log."""
    return ev.IncidentOpened(
        number=number, title="ModelRecallDrop", service=service, failure_mode="performance", source="alertmanager",
        severity=severity,
    )  # fmt: skip


def open_in(store: Store, connection: Connection, now: datetime, *, severity: str | None = None) -> int:
    """An incident with one entry, in the job's transaction."""
    number = store.log.begin(connection, at=now)
    store.log.append(connection, number, [opened(number, severity=severity)], by="alertmanager", at=now)
    return number


async def open_incident(store: Store, *, severity: str | None = None, owner: str | None = None) -> int:
    """An incident with one entry, committed; held by ``owner`` from its birth."""

    def job(connection: Connection, now: datetime) -> int:
        number = open_in(store, connection, now, severity=severity)
        if owner is not None:
            store.leases.bear(connection, number, owner=owner, now=now)
        return number

    return await store.writer.submit(job, lane=Lane.CLICK)


async def append(store: Store, number: int, *events: ev.AnyEvent, by: str = EVENKEEL) -> list[ev.Entry]:
    """The events, appended now."""
    return await store.writer.submit(
        lambda connection, now: store.log.append(connection, number, events, by=by, at=now), lane=Lane.CLICK
    )


async def entries(store: Store, number: int) -> list[ev.Entry]:
    """The whole log."""
    return await store.writer.read(lambda connection: store.log.load(connection, number))
