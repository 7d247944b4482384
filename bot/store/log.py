"""The log of an incident: entries are appended, loaded, folded into a head, and never changed.

``append`` and ``redact`` run inside a job of the writer and lock the incident's row. The order of a log is ``seq``;
its times never run backwards, whatever clocks do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from bot.errors import NewerSchema, Refused
from bot.incidents import events as ev
from bot.incidents.events.peoples_text import ALERTS_TEXT, blank, without_alerts
from bot.incidents.fold import fold
from bot.incidents.guests import known_by
from bot.incidents.incident import Incident
from bot.store.heads import SNAPSHOT_EVERY, Heads, forget_snapshots, load_snapshot, save_snapshot
from bot.store.tables import EVENTS, INCIDENTS
from bot.store.transaction import Transaction, remembered, writing

_look = select(INCIDENTS.c.seq, INCIDENTS.c.schema).where(INCIDENTS.c.number == bindparam("of"))
_lock = _look.with_for_update()
_add = insert(EVENTS)
_advance = update(INCIDENTS).where(INCIDENTS.c.number == bindparam("of"))


class Log:
    """The logs of all incidents."""

    def __init__(self) -> None:
        self._heads = Heads()

    def begin(self, connection: Connection, *, at: datetime) -> int:
        """The number of a new incident, whose log is empty: ``append`` an ``IncidentOpened`` in the same job."""
        number = connection.execute(insert(INCIDENTS).values(opened_at=at).returning(INCIDENTS.c.number)).scalar_one()
        return int(number)

    def append(
        self, connection: Connection, number: int, events: Sequence[ev.AnyEvent], *, by: str, at: datetime
    ) -> list[ev.Entry]:
        """The new entries, stored after the last one and stamped ``at``, or as the last one if that is later.

        Raises ``NewerSchema`` if this program cannot read the log, ``Refused`` if there is no such incident.
        """
        transaction = remembered(connection)
        head = self._locked(connection, number, transaction)
        if not events:
            return []
        first, at = (head.seq + 1, max(at, head.last_at)) if head else (1, at)
        entries = [ev.Entry(seq=first + i, at=at, by=by, event=event) for i, event in enumerate(events)]
        connection.execute(_add, [_row(number, entry) for entry in entries])
        after = fold(entries, head)
        assert after is not None  # noqa: S101 - entries is not empty
        connection.execute(_advance, _columns(after) | {"of": number})
        if after.seq // SNAPSHOT_EVERY > (first - 1) // SNAPSHOT_EVERY:
            save_snapshot(connection, after)
        transaction.heads[number] = after
        transaction.touched.add(number)
        return entries

    def load(self, connection: Connection, number: int, after: int = 0) -> list[ev.Entry]:
        """The entries after ``seq`` ``after``, in order."""
        table = EVENTS.c
        rows = connection.execute(
            select(table.seq, table.at, table.by, table.body, table.schema)
            .where(table.number == number, table.seq > after)
            .order_by(table.seq)
        )
        return [ev.Entry(seq=s, at=at, by=by, event=ev.decode(body, schema=v)) for s, at, by, body, v in rows]

    def head(self, connection: Connection, number: int) -> Incident:
        """The incident as its log says; inside a job of the writer its row is locked first.

        Raises ``Refused`` if there is no such incident, ``NewerSchema`` if this program cannot read its log.
        """
        if writing(connection):
            head = self._locked(connection, number, remembered(connection))
        else:
            row = _incident_row(connection, number, lock=False)
            head = self._folded(connection, number, row["seq"])
            if head is not None:
                self._heads.keep({number: head})
        if head is None:
            raise _no_such(number)
        return head

    def redact(self, connection: Connection, number: int, seq: int, *, by: str, at: datetime) -> list[ev.Entry]:
        """Blanks what people typed in entry ``seq`` and appends ``Redacted``: the only update of a log.

        With the first entry goes what the others repeat of its alerts.
        Raises ``Refused`` if there is no such entry, or nothing in it that a person typed.
        """
        head = self._locked(connection, number, remembered(connection))
        if head is not None and head.held:
            raise Refused(
                "held", f"INC-{number} is under a legal hold: nothing of it is blanked until that is lifted."
            )
        here = (EVENTS.c.number == number, EVENTS.c.seq == seq)
        row = connection.execute(select(EVENTS.c.kind, EVENTS.c.body).where(*here)).mappings().first()
        fields = ev.PEOPLES_TEXT.get(row["kind"], ()) if row else ()
        if row is None or not fields:
            nothing = f"Entry {seq} of INC-{number} holds nothing that a person typed or an alert said."
            raise Refused("nothing_to_redact", nothing)
        bodies = {seq: {name: blank(value) if name in fields else value for name, value in _body(row).items()}}
        if seq == 1:
            bodies |= _repeating(connection, number)
        change = update(EVENTS).where(EVENTS.c.number == number, EVENTS.c.seq == bindparam("of"))
        values = [{"of": of, "body": msgspec.json.encode(body).decode()} for of, body in bodies.items()]
        connection.execute(change.values(body=bindparam("body")), values)
        entries = self.append(connection, number, (ev.Redacted(seq=seq),), by=by, at=at)
        forget_snapshots(connection, number)  # they repeat what was typed
        return entries

    def publish(self, transaction: Transaction) -> None:
        """The transaction is committed: its heads may be seen."""
        self._heads.keep(transaction.heads)

    def _locked(self, connection: Connection, number: int, transaction: Transaction) -> Incident | None:
        known = transaction.heads.get(number)
        if known is not None:
            return known
        row = _incident_row(connection, number, lock=True)
        head = self._folded(connection, number, row["seq"])
        if head is not None:
            transaction.heads[number] = head
        return head

    def _folded(self, connection: Connection, number: int, seq: int) -> Incident | None:
        if seq == 0:
            return None
        head = self._heads.get(number)
        if head is None or head.seq > seq:
            head = load_snapshot(connection, number, seq=seq)
        if head is not None and head.seq == seq:
            return head
        newer = self.load(connection, number, after=head.seq if head else 0)
        return fold((entry for entry in newer if entry.seq <= seq), head)


def _body(row: RowMapping) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(row["body"])
    return body


def _repeating(connection: Connection, number: int) -> dict[int, dict[str, Any]]:
    """The other entries that repeat what alerts said, without it, by their number."""
    table = EVENTS.c
    kinds = table.kind.in_(ALERTS_TEXT)
    rows = connection.execute(select(table.seq, table.kind, table.body).where(table.number == number, kinds))
    return {row["seq"]: without_alerts(row["kind"], _body(row)) for row in rows.mappings()}


def _incident_row(connection: Connection, number: int, *, lock: bool) -> RowMapping:
    row = connection.execute(_lock if lock else _look, {"of": number}).mappings().first()
    if row is None:
        raise _no_such(number)
    if row["schema"] > ev.SCHEMA:
        raise NewerSchema(f"INC-{number} holds events of a newer Evenkeel; a newer replica has to decide.")
    return row


def _no_such(number: int) -> Refused:
    return Refused("no_such_incident", f"There is no incident INC-{number}.")


def _row(number: int, entry: ev.Entry) -> dict[str, Any]:
    event = entry.event
    return {
        "number": number, "seq": entry.seq, "at": entry.at, "by": entry.by, "kind": type(event).__name__,
        "schema": ev.SCHEMA, "body": ev.encode(event).decode(),
        "started": f"{event.step}:{event.attempt}" if isinstance(event, ev.ActionStarted) else None,
    }  # fmt: skip


def _columns(head: Incident) -> dict[str, Any]:
    return {
        "seq": head.seq, "schema": ev.SCHEMA, "status": head.status, "service": head.service,
        "failure_mode": head.failure_mode, "severity": head.severity, "title": head.title,
        "team_id": head.team_id, "channel": head.channel, "opened_at": head.opened_at, "held": head.held,
        "beside": known_by(head.tool_url),
    }  # fmt: skip
