"""``DATABASE_URL``: which database it names, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Mistake

_FORMS = "say sqlite:///FILE or postgresql://USER@HOST/NAME"


def address(text: str) -> URL:
    """The address with its driver. Raises ``Mistake`` for anything but a SQLite file and PostgreSQL."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise Mistake(f"DATABASE_URL cannot be read: {_FORMS}") from None
    kind = url.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise Mistake(f"DATABASE_URL names “{kind}”, which Evenkeel does not speak: {_FORMS}")
    if not url.database or url.database == ":memory:":
        raise Mistake("DATABASE_URL names no file, and incidents have to outlive the process: say sqlite:///FILE")
    return url.set(drivername="sqlite")


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL. Raises ``Mistake`` if its folder does not exist."""
    if url.drivername != "sqlite" or url.database is None:
        return None
    file = Path(url.database)
    if not file.absolute().parent.is_dir():
        raise Mistake(f"DATABASE_URL: there is no folder {file.parent}; make it first")
    return file
