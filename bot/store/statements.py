"""The statements that the two databases spell alike and SQLAlchemy does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite


def ignoring(connection: Connection, table: Table) -> Any:
    """``INSERT`` into ``table`` that leaves out rows whose unique key is there already."""
    return _insert(connection, table).on_conflict_do_nothing()


def replacing(connection: Connection, table: Table, columns: Sequence[str]) -> Any:
    """``INSERT`` into ``table`` that writes ``columns`` over those of a row whose primary key is there already."""
    statement = _insert(connection, table)
    new = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)


def numbered(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Inserts rows that are not there yet into ``table``, whose ``id`` counts; their ids, in the same order.

    On SQLite, which has one writer, the next ids are known beforehand: asking for each one costs as much as the row.
    """
    if not rows:
        return []
    if connection.dialect.name == "postgresql":
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(connection.execute(statement, rows).scalars())
    last: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    ids = list(range(last + 1, last + 1 + len(rows)))
    connection.execute(insert(table), [row | {"id": number} for row, number in zip(rows, ids, strict=True)])
    return ids


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
