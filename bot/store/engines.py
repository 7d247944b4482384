"""Connections to the database, set up so that a commit is on the disk and nobody waits for ever.

SQLite: write-ahead log, ``synchronous=FULL`` (but where the file is thrown away with the program), and
``BEGIN IMMEDIATE`` for the writer, so that it never has to give up a transaction half-way. Readers see the newest
commit and are not blocked by the writer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

_POSTGRES: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "evenkeel",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    # A stopped replica must not hold a row, nor a lost one a connection.
    "options": "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=20s"
    " -c idle_in_transaction_session_timeout=15s",
}
#: ready to run again: each that the bot asks, and those that write many rows in each length
_STATEMENTS_KEPT = 256
_SQLITE_TROUBLE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)
#: connection, rollback, resources, lock not available, operator, system
_POSTGRES_TROUBLE = ("08", "40", "53", "55P03", "57", "58")
#: the server takes nothing now: it became a standby, or its keepers stopped it as its disk is full
_POSTGRES_READ_ONLY = "25006"


def writing_engine(url: URL, *, durable: bool = True) -> Engine:
    """For the one writer of this process. Without ``durable`` a commit on SQLite does not wait for the disk."""
    if url.drivername == "sqlite":
        pragmas = ("journal_mode=WAL", f"synchronous={'FULL' if durable else 'OFF'}")
        return _sqlite(url, begin="BEGIN IMMEDIATE", pragmas=pragmas, size=1)
    engine = create_engine(url, connect_args=_POSTGRES, pool_size=1, max_overflow=1)

    @event.listens_for(engine, "handle_error")
    def leave(context: ExceptionContext) -> None:
        # What a session may do was settled when it began: only a new one finds out that writing is possible again.
        if getattr(context.original_exception, "sqlstate", None) == _POSTGRES_READ_ONLY:
            context.is_disconnect = True

    return engine


def reading_engine(url: URL, *, size: int) -> Engine:
    """For at most ``size`` reads side by side; they cannot write."""
    if url.drivername == "sqlite":
        return _sqlite(url, begin="BEGIN", pragmas=("query_only=ON",), size=size)
    read_only = f"{_POSTGRES['options']} -c default_transaction_read_only=on"
    arguments = {**_POSTGRES, "options": read_only}
    return create_engine(url, connect_args=arguments, pool_size=size, max_overflow=0, pool_pre_ping=True)


def _sqlite(url: URL, *, begin: str, pragmas: tuple[str, ...], size: int) -> Engine:
    arguments = {"check_same_thread": False, "timeout": 10.0, "cached_statements": _STATEMENTS_KEPT}
    engine = create_engine(url, connect_args=arguments, pool_size=size, max_overflow=0)

    @event.listens_for(engine, "connect")
    def set_up(dbapi_connection: Any, _: Any) -> None:
        # Python's driver begins transactions by itself, too late and of the wrong kind; here it does not.
        dbapi_connection.isolation_level = None
        for pragma in pragmas:
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def is_trouble(error: BaseException | None) -> bool:
    """Whether the database, not the statement, is at fault: gone, full, or two transactions in each other's way."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE_TROUBLE)
    state = getattr(error.orig, "sqlstate", None)
    return state is None or str(state).startswith(_POSTGRES_TROUBLE)


def in_the_way(error: DBAPIError) -> bool:
    """Whether two transactions were in each other's way (a deadlock, a lock held too long): try again."""
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01", "55P03")
