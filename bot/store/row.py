"""What every table has in common: the metadata with its naming, and the base class."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """Base of the tables."""

    metadata = METADATA


def table_of(row: type[Row]) -> Table:
    """The Core table of a typed class."""
    table: Any = row.__dict__["__table__"]
    assert isinstance(table, Table)  # noqa: S101 - SQLModel keeps it untyped
    return table
