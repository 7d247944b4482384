"""Requests before their alerts are looked at: which came before, and which are kept because they change something."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.service.intake import Delivery
from bot.store import deliveries as names
from bot.store import incidents, payloads
from bot.store.alerts import Key, Received

#: a name that is longer than any sender's own is kept as its hash: an index holds 2,700 bytes
_LONGEST_NAME = 200


def not_seen_before(connection: Connection, now: datetime, sent: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """The deliveries that were not carried out before, each name once; from now on they were."""
    new = names.receive_all(connection, {_key(delivery) for delivery in sent if delivery.name}, at=now)
    first: list[Delivery] = []
    for delivery in sent:
        if delivery.name and _key(delivery) not in new:
            continue
        new.discard(_key(delivery))
        first.append(delivery)
    return tuple(first)


def kept(
    connection: Connection, now: datetime, sent: Sequence[Delivery], known: Mapping[Key, Received]
) -> dict[Key, int]:
    """Stores the requests that bring an alert that is new, or begins or ends; by alert, the one that did last.

    Not those that repeat what was redacted of another alert: senders tell all alerts of a group again.
    """
    bringing = {
        alert.key: (position if known.get(alert.key) is None or known[alert.key].status != alert.status else None)
        for position, delivery in enumerate(sent)
        for alert in delivery.alerts
    }
    repeating = _repeating(connection, sent, known)
    positions = sorted({at for at in bringing.values() if at is not None and sent[at].body and at not in repeating})
    rows = [{"source": sent[at].source, "delivery": sent[at].name, "body": sent[at].body} for at in positions]
    ids = dict(zip(positions, payloads.add(connection, rows, at=now), strict=True))
    return {key: ids[at] for key, at in bringing.items() if at is not None and at in ids}


def _repeating(connection: Connection, sent: Sequence[Delivery], known: Mapping[Key, Received]) -> set[int]:
    """The places of requests that name an alert whose name was redacted here, unless its incident is held."""
    nameless = {key: row.number for key, row in known.items() if not row.name and row.number is not None}
    if not nameless:
        return set()
    held = incidents.held(connection, set(nameless.values()))
    blank = {key for key, number in nameless.items() if number not in held}
    return {
        place for place, delivery in enumerate(sent)
        if any(alert.name and alert.key in blank for alert in delivery.alerts)
    }  # fmt: skip


def _key(delivery: Delivery) -> str:
    name = delivery.name
    if len(name) > _LONGEST_NAME:
        name = hashlib.sha256(name.encode()).hexdigest()
    return f"alerts/{delivery.source}/{name}"
