"""When an alert began whose source does not say it: when it was first heard of, until it ends."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.service.intake import Delivery
from bot.store.beginnings import Beginning, Who, last_beginnings


def dated(connection: Connection, deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """The deliveries with every alert under the beginning that names it.

    One that fires already goes on, a resolved one ends what fires or repeats the last end, and any other begins when
    it was heard of. Of several in this commit the first one says when.
    """
    undated = {(a.source, a.fingerprint) for delivery in deliveries for a in delivery.alerts if not a.dated}
    if not undated:
        return deliveries
    last = last_beginnings(connection, undated)
    return tuple(
        replace(delivery, alerts=tuple(alert if alert.dated else _dated(alert, last) for alert in delivery.alerts))
        for delivery in deliveries
    )


def _dated(alert: Alert, last: dict[Who, Beginning]) -> Alert:
    who = (alert.source, alert.fingerprint)
    known = last.get(who)
    begun = known.starts_at if known and (known.fires or alert.status == "resolved") else alert.starts_at
    last[who] = Beginning(begun, True)  # what follows in this commit is about the same
    return replace(alert, starts_at=begun, ends_at=_not_before(alert.ends_at, begun))


def _not_before(ends_at: datetime | None, begun: datetime) -> datetime | None:
    return None if ends_at is None else max(ends_at, begun)
