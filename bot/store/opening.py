"""Opening the store: the schema is brought up to date, and on SQLite no other process has the file."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import timedelta

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock, SystemClock
from bot.errors import DatabaseAway, Mistake
from bot.store.address import address, sqlite_file
from bot.store.engines import reading_engine, writing_engine
from bot.store.leases import LEASE
from bot.store.migrating import is_current, migrate
from bot.store.only_process import OnlyProcess
from bot.store.store import Store


def open_store(
    url: str, *, clock: Clock | None = None, read_only: bool = False, lease: timedelta = LEASE, readers: int = 4,
    durable: bool = True,
) -> Store:  # fmt: skip
    """The store at ``DATABASE_URL`` ``url``, its schema up to date.

    On SQLite this is the only process that may write, and nobody holds a lease. ``read_only`` looks beside a running
    process, and neither locks nor migrates. Without ``durable`` an SQLite file need not outlive a crash of the
    machine: for what is thrown away anyhow. Raises ``Mistake`` for what the user can mend, ``DatabaseAway``.
    """
    place = address(url)
    try:
        return _opened(
            place, clock=clock or SystemClock(), read_only=read_only, lease=lease, readers=readers, durable=durable
        )
    except DBAPIError as error:
        raise DatabaseAway(f"The database at {place.render_as_string()} does not answer: {error.orig}") from error


def _opened(place: URL, *, clock: Clock, read_only: bool, lease: timedelta, readers: int, durable: bool) -> Store:
    file = sqlite_file(place)
    if read_only and file is not None and not file.exists():
        raise Mistake(f"DATABASE_URL: there is no database {file} yet")
    with ExitStack() as undo:
        lock = OnlyProcess(file) if file is not None and not read_only else None
        if lock is not None:
            undo.callback(lock.close)
        writing, reading = writing_engine(place, durable=durable), reading_engine(place, size=readers)
        undo.callback(writing.dispose)
        undo.callback(reading.dispose)
        if not read_only:
            migrate(writing)
        elif not is_current(reading):
            raise Mistake(
                "The database is older than this program: start `evenkeel serve` once to bring it up to date"
            )
        undo.pop_all()
    store = Store(
        reading if read_only else writing, reading, clock=clock, origin=uuid.uuid4().hex, lease=lease, readers=readers
    )
    if lock is not None:
        store.on_close(lock.close)
        store.leases.clear_all()
    if store.kind == "postgresql" and not read_only:
        from bot.store.listener import Listener  # a tenth of a second that SQLite need not wait for

        store.on_close(Listener(place, heard=store.wakeups.heard, missed=store.wakeups.wake).close)
    return store
