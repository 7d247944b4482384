"""The statements that the two databases spell alike and SQLAlchemy does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def ignoring(connection: Connection, table: Table) -> Any:
    """``INSERT`` into ``table`` that leaves out rows whose unique key is there already."""
    return _insert(connection, table).on_conflict_do_nothing()


def replacing(connection: Connection, table: Table, columns: Sequence[str]) -> Any:
    """``INSERT`` into ``table`` that writes ``columns`` over those of a row whose primary key is there already."""
    statement = _insert(connection, table)
    new = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
