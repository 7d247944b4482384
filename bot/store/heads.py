"""Folded heads: the newest in memory, one every 200 entries on the disk. Only ever a matter of speed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, delete, insert, select

from bot.incidents.incident import FOLD_VERSION, Incident
from bot.store.tables import SNAPSHOTS

SNAPSHOT_EVERY = 200
_decoder = msgspec.json.Decoder(Incident)


class Heads:
    """The newest committed head of the incidents used last. Safe to use from several threads."""

    def __init__(self, *, size: int = 256) -> None:
        self._heads: OrderedDict[int, Incident] = OrderedDict()
        self._lock = threading.Lock()
        self._size = size

    def get(self, number: int) -> Incident | None:
        """A committed head: perhaps not the newest, so its ``seq`` has to be compared."""
        with self._lock:
            head = self._heads.get(number)
            if head is not None:
                self._heads.move_to_end(number)
            return head

    def keep(self, heads: Mapping[int, Incident]) -> None:
        """Keeps committed heads that are newer than what is there."""
        with self._lock:
            for number, head in heads.items():
                known = self._heads.get(number)
                if known is None or known.seq < head.seq:
                    self._heads[number] = head
                    self._heads.move_to_end(number)
            while len(self._heads) > self._size:
                self._heads.popitem(last=False)


def load_snapshot(connection: Connection, number: int, *, seq: int) -> Incident | None:
    """The newest stored head at or before ``seq`` that this program's fold made."""
    table = SNAPSHOTS.c
    newest = (
        select(table.body)
        .where(table.number == number, table.fold_version == FOLD_VERSION, table.seq <= seq)
        .order_by(table.seq.desc())
        .limit(1)
    )
    body = connection.execute(newest).scalar()
    return None if body is None else _decoder.decode(body)


def save_snapshot(connection: Connection, head: Incident) -> None:
    """Stores the head in place of the older ones of this fold."""
    table = SNAPSHOTS.c
    connection.execute(delete(SNAPSHOTS).where(table.number == head.number, table.fold_version == FOLD_VERSION))
    body = msgspec.json.encode(head).decode()
    row = {"number": head.number, "seq": head.seq, "fold_version": FOLD_VERSION, "body": body}
    connection.execute(insert(SNAPSHOTS).values(row))


def forget_snapshots(connection: Connection, number: int) -> None:
    """Deletes the incident's stored heads."""
    connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.number == number))
