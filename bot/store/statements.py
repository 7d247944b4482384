"""The statements that the two databases spell alike and SQLAlchemy does not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

#: so many rows are listed by one statement, and so many one after another; more are given as one text
_KEPT = 32
_FEW = 2 * _KEPT


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

    On SQLite, which has one writer, those of one statement follow each other, and the last one is told: asking for
    each costs as much as the row. Where rows are deleted the table has AUTOINCREMENT, so that no id is given twice.
    """
    if not rows:
        return []
    if connection.dialect.name == "postgresql":
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(connection.execute(statement, rows).scalars())
    names = tuple(rows[0])
    made = [(name, table.c[name].type.bind_processor(connection.dialect)) for name in names]
    values = [[row[name] if make is None else make(row[name]) for name, make in made] for row in rows]
    if len(rows) > _FEW:
        last = connection.exec_driver_sql(_from_json(table, names), (msgspec.json.encode(values).decode(),)).lastrowid
        return list(range(last - len(rows) + 1, last + 1))
    return [
        number
        for start in range(0, len(rows), _KEPT)
        for number in _listed(connection, table, names, values[start : start + _KEPT])
    ]


def _listed(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[list[Any]]) -> range:
    given = tuple(value for row in rows for value in row)
    last = connection.exec_driver_sql(_of_values(table, names, len(rows)), given).lastrowid
    return range(last - len(rows) + 1, last + 1)


# Either way many rows are one step of the driver: between two steps it lets the web server have Python's lock, and
# waits for it. A statement that lists the rows is twice as quick once it is ready, so few lengths of it are kept.


@lru_cache(maxsize=4 * _KEPT)
def _of_values(table: Table, names: tuple[str, ...], rows: int) -> str:
    one = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {table.name} ({_quoted(names)}) VALUES {', '.join([one] * rows)}"  # noqa: S608


@lru_cache
def _from_json(table: Table, names: tuple[str, ...]) -> str:
    parts = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
    return f"INSERT INTO {table.name} ({_quoted(names)}) SELECT {parts} FROM json_each(?)"  # noqa: S608


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)  # all of them names of ours


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
