"""The statements that the two databases spell alike and SQLAlchemy does not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, insert, select, text
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
    Where rows are deleted the table has AUTOINCREMENT, so that no id is given twice.
    """
    if not rows:
        return []
    if connection.dialect.name == "postgresql":
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(connection.execute(statement, rows).scalars())
    last: int = connection.execute(_last(table)).scalar_one()
    ids = list(range(last + 1, last + 1 + len(rows)))
    _driven(connection, table, [row | {"id": number} for row, number in zip(rows, ids, strict=True)])
    return ids


def _driven(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """What ``connection.execute(insert(table), rows)`` does on SQLite, in one step of the driver.

    Between two steps the driver lets the web server have Python's lock and waits for it: once, not for each row.
    """
    names = tuple(rows[0])
    made = [(name, table.c[name].type.bind_processor(connection.dialect)) for name in names]
    values = [[row[name] if make is None else make(row[name]) for name, make in made] for row in rows]
    connection.exec_driver_sql(_from_json(table, names), (msgspec.json.encode(values).decode(),))


@lru_cache
def _from_json(table: Table, names: tuple[str, ...]) -> str:
    parts = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
    quoted = ", ".join(f'"{name}"' for name in names)  # all of them names of ours
    return f"INSERT INTO {table.name} ({quoted}) SELECT {parts} FROM json_each(?)"  # noqa: S608


@lru_cache
def _last(table: Table) -> Any:
    if table.dialect_options["sqlite"]["autoincrement"]:
        given = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name")
        return given.bindparams(name=table.name)
    return select(func.coalesce(func.max(table.c.id), 0))


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
