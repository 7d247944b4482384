"""The lives of alerts: in which open incidents they were before, and how often they began. For jobs of the writer.

An alert that begins again is another row if its source dates it anew, and the same row if it does not; both count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, case, func, select, update

from bot.store.tables import ALERTS, INCIDENTS

_ROW = ALERTS.c
#: SQLite takes 32,766 parameters in a statement
_AT_ONCE = 1000
#: How far back an alert's earlier lives are looked for: so long, by its source's clock, may it have been quiet.
MEMORY = timedelta(days=1)

#: an alert, whenever it began: its source and its fingerprint
Who = tuple[str, str]


class Earlier(msgspec.Struct, frozen=True):
    """An alert was in incident ``number``, where it began ``begun`` times since the moment that was asked about."""

    number: int
    begun: int


def earlier(
    connection: Connection, alerts: Collection[Who], *, now: datetime, since: datetime, lately: datetime
) -> dict[Who, list[Earlier]]:
    """Where these alerts were before, in incidents that nobody has closed; those without a past are left out."""
    found: dict[Who, list[Earlier]] = {}
    for source in sorted({source for source, _ in alerts}):
        fingerprints = sorted(fingerprint for of, fingerprint in alerts if of == source)
        for start in range(0, len(fingerprints), _AT_ONCE):
            these = fingerprints[start : start + _AT_ONCE]
            for fingerprint, number, begun in _lives(
                connection, source, these, back_to=now - MEMORY, since=since, lately=lately
            ):
                found.setdefault((source, fingerprint), []).append(Earlier(number, begun))
    return found


def _lives(
    connection: Connection,
    source: str,
    fingerprints: Sequence[str],
    *,
    back_to: datetime,
    since: datetime,
    lately: datetime,
) -> list[tuple[str, int, int]]:
    begun = case((_ROW.first_seen >= since, 1), else_=0) + case((_ROW.changed_at >= lately, _ROW.flaps), else_=0)
    question = (
        select(_ROW.fingerprint, _ROW.number, func.sum(begun))
        .join(INCIDENTS, INCIDENTS.c.number == _ROW.number)
        .where(_ROW.source == source, _ROW.fingerprint.in_(fingerprints), _ROW.starts_at >= back_to)
        .where(INCIDENTS.c.status.in_(("open", "triage")))
        .group_by(_ROW.fingerprint, _ROW.number)
    )
    return [(fingerprint, int(number), int(times)) for fingerprint, number, times in connection.execute(question)]


def begin_again(connection: Connection, ids: Sequence[int], *, at: datetime, since: datetime) -> None:
    """These alerts had ended and fire again; ``flaps`` counts anew if one last changed before ``since``."""
    counted = case((_ROW.changed_at >= since, _ROW.flaps + 1), else_=1)
    for start in range(0, len(ids), _AT_ONCE):
        these = ids[start : start + _AT_ONCE]
        connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(flaps=counted, changed_at=at))
