"""Which incident each alert of one service and failure mode belongs to: its own from before, the newest, or none yet.

Pure; whoever asks has locked what it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.flapping import flaps
from bot.alerts.grouping import Newest, group, home
from bot.incidents import events as ev
from bot.incidents.folding.together import MOST_FLAPPING
from bot.incidents.incident import Incident
from bot.incidents.together import flap_key
from bot.store.alerts import Received
from bot.store.lives import Earlier, Who

Pairs = Sequence[tuple[Alert, Received]]
Past = Mapping[Who, Sequence[Earlier]]

#: nobody has closed them
_GOING = ("open", "triage")


def newest_of(last: tuple[int, datetime] | None, heads: Mapping[int, Incident], now: datetime) -> Newest | None:
    """The newest incident of a service and failure mode, as grouping sees it."""
    if last is None:
        return None
    head = heads[last[0]]
    watched = head.status == "resolved" and head.watch is not None and now < head.watch.until
    asks = head.status == "triage" and head.triage is not None and not head.triage.dismissed_by
    last_at = now if asks else last[1]  # one announcement asks for all of them, for as long as it does
    return Newest(number=last[0], open=head.status in _GOING, last_at=last_at, watched=watched)


def parted(
    these: Pairs,
    past: Past,
    heads: Mapping[int, Incident],
    newest: Newest | None,
    *,
    now: datetime,
    window: timedelta,
) -> list[tuple[int | None, Pairs]]:
    """The alerts by the incident that they join, those last for which one is opened (None)."""
    going = {number for number, head in heads.items() if head.status in _GOING}
    parts: dict[int | None, list[tuple[Alert, Received]]] = {}
    homeless = []
    for pair in these:
        own = home([life.number for life in past.get(who(pair[0]), ())], going)
        if own is None:
            homeless.append(pair)
        else:
            parts.setdefault(own, []).append(pair)
    if homeless:
        joins = group(newest, now=now, window=window).number
        if joins is None and newest is not None and newest.number in parts:
            joins = newest.number  # one of its own alerts has just come home: its window begins anew
        parts.setdefault(joins, []).extend(homeless)
    return sorted(parts.items(), key=lambda part: (part[0] is None, part[0] or 0))


def kept_quiet(row: Received) -> bool:
    """Whether it fires, and nobody hears of it because something keeps it quiet."""
    return bool(row.muted) and row.status == "firing"


def who(alert: Alert) -> Who:
    """The alert, whenever it began."""
    return (alert.source, alert.fingerprint)


def place_of(row: Received) -> tuple[str, str]:
    """What grouping tells apart: the service and the failure mode."""
    return (row.service, row.failure_mode)


def as_sent(row: Received) -> Alert:
    """The alert of a row, as it was sent first."""
    return Alert(
        source=row.source, fingerprint=row.fingerprint, status="firing", name=row.name, starts_at=row.starts_at,
        labels=row.labels, annotations=row.annotations, url=row.url,
        summary=row.annotations.get("summary") or row.annotations.get("description", ""),
    )  # fmt: skip


def was_in(number: int, pair: tuple[Alert, Received], past: Past) -> bool:
    """Whether the alert was in that incident before."""
    alert, row = pair
    return row.number == number or any(life.number == number for life in past.get(who(alert), ()))


def flapping(head: Incident, again: Pairs, past: Past) -> list[ev.AnyEvent]:
    """One event for each alert that is found to flap, and of which that was not said yet."""
    found: dict[str, ev.AnyEvent] = {}
    room = MOST_FLAPPING - len(head.together.flapping)
    for alert, _ in again:
        key = flap_key(alert.source, alert.fingerprint)
        times = 1 + sum(life.begun for life in past.get(who(alert), ()) if life.number == head.number)
        if key not in head.together.flapping and flaps(times) and len(found) < room:
            found[key] = ev.FlappingSeen(
                source=alert.source, fingerprint=alert.fingerprint, name=alert.name, times=times
            )  # fmt: skip
    return list(found.values())
