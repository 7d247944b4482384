"""The lives of alerts: in which open incidents they were before, and how often they began. For jobs of the writer.

An alert that begins again is another row if its source dates it anew, and the same row if it does not; both count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, bindparam, case, func, or_, select, update

from bot.store.among import among
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


#: how often each began: rows that were first seen since then, and one row's own returns, if the last was lately
_begun = case((_ROW.first_seen >= bindparam("since"), 1), else_=0) + case(
    (_ROW.changed_at >= bindparam("lately"), _ROW.flaps), else_=0
)
_lives = (
    select(_ROW.fingerprint, _ROW.number, func.sum(_begun))
    .join(INCIDENTS, INCIDENTS.c.number == _ROW.number)
    .where(_ROW.source == bindparam("of"), among(_ROW.fingerprint, "these"))
    .where(_ROW.starts_at >= bindparam("back_to"), or_(INCIDENTS.c.status == "open", INCIDENTS.c.status == "triage"))
    .group_by(_ROW.fingerprint, _ROW.number)
)


def earlier(
    connection: Connection, alerts: Collection[Who], *, now: datetime, since: datetime, lately: datetime
) -> dict[Who, list[Earlier]]:
    """Where these alerts were before, in incidents that nobody has closed; those without a past are left out."""
    found: dict[Who, list[Earlier]] = {}
    for source in sorted({source for source, _ in alerts}):
        fingerprints = sorted(fingerprint for of, fingerprint in alerts if of == source)
        times = {"of": source, "since": since, "lately": lately, "back_to": now - MEMORY}
        for start in range(0, len(fingerprints), _AT_ONCE):
            these = times | {"these": fingerprints[start : start + _AT_ONCE]}
            for fingerprint, number, begun in connection.execute(_lives, these):
                found.setdefault((source, fingerprint), []).append(Earlier(int(number), int(begun)))
    return found


_firing = select(_ROW.fingerprint, _ROW.starts_at).where(
    _ROW.source == bindparam("of"), among(_ROW.fingerprint, "these"), _ROW.status == "firing"
)


def beginnings_of_firing(connection: Connection, alerts: Collection[Who]) -> list[tuple[str, str, datetime]]:
    """The keys of the rows of these alerts that fire."""
    found = []
    for source in sorted({source for source, _ in alerts}):
        fingerprints = sorted(fingerprint for of, fingerprint in alerts if of == source)
        for start in range(0, len(fingerprints), _AT_ONCE):
            these = {"of": source, "these": fingerprints[start : start + _AT_ONCE]}
            found += [(source, row.fingerprint, row.starts_at) for row in connection.execute(_firing, these)]
    return found


_supersede = (
    update(ALERTS)
    .where(_ROW.source == bindparam("of"), _ROW.fingerprint == bindparam("who"), _ROW.number == bindparam("here"))
    .where(_ROW.starts_at < bindparam("anew"), _ROW.status == "firing")
    .values(status="resolved", ends_at=bindparam("over"))
)


def supersede(connection: Connection, number: int, begun: Mapping[Who, datetime], *, at: datetime) -> int:
    """These alerts of the incident began anew, so what fired before of each is over: an alert fires once at a time.

    How many that were. Their source said nothing, or it was lost on its way.
    """
    over = 0
    for (source, fingerprint), anew in sorted(begun.items()):
        which = {"of": source, "who": fingerprint, "here": number, "anew": anew, "over": at}
        over += connection.execute(_supersede, which).rowcount
    return over


def begin_again(connection: Connection, ids: Sequence[int], *, at: datetime, since: datetime) -> None:
    """These alerts had ended and fire again; ``flaps`` counts anew if one last changed before ``since``."""
    if not ids:  # nearly always, and the statement takes a while to be made
        return
    counted = case((_ROW.changed_at >= since, _ROW.flaps + 1), else_=1)
    for start in range(0, len(ids), _AT_ONCE):
        these = ids[start : start + _AT_ONCE]
        connection.execute(update(ALERTS).where(_ROW.id.in_(these)).values(flaps=counted, changed_at=at))
