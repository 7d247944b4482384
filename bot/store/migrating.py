"""Bringing the schema up to date, once, whoever starts first.

Migrations only expand, so a replica of an older release goes on working on a newer schema: a version beyond ``HEAD``
is left alone. Alembic is imported only when there is something to do, because it makes the start slower.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

#: the newest revision in ``migrations/versions``; revisions are numbered, and sort
HEAD = "0004"
#: "evenkeel" in hexadecimal, as far as it fits
_LOCK = 0x6576656E6B65


def migrate(engine: Engine) -> None:
    """The schema is at ``HEAD`` or beyond. Replicas that start together do it one after another."""
    if is_current(engine):
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if not _is_current(connection):
            _upgrade(connection)


def is_current(engine: Engine) -> bool:
    """Whether the schema is at ``HEAD`` or beyond."""
    with engine.connect() as connection:
        return _is_current(connection)


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    version = connection.execute(text("SELECT max(version_num) FROM alembic_version")).scalar()
    return version is not None and str(version) >= HEAD


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
