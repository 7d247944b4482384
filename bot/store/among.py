"""A column compared with a list of any length, by a statement that is the same text each time.

SQLAlchemy's ``in_`` writes a parameter for each value: that is put together anew for every list, and costs more than
the database takes to find the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: ColumnElement[Any], given: str) -> ColumnElement[bool]:
    """Whether ``column`` is one of the list that is given as parameter ``given``.

    The list is one parameter, so the statement is the same text however long it is; ``in_`` makes another each time.
    """
    return _Among(column, bindparam(given, type_=_Several(column.type)))


class _Among(FunctionElement[bool]):
    """Without a type: of a boolean SQLAlchemy asks on SQLite whether it ``= 1``, and no index answers that."""

    inherit_cache = True


@compiles(_Among, "sqlite")
def _among_values(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, given = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - two clauses of ours


@compiles(_Among, "postgresql")
def _among_elements(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, given = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} = ANY ({given})"


def all_among(columns: Sequence[ColumnElement[str]], given: str) -> ColumnElement[bool]:
    """Whether what these columns of text hold together is in the list, of as many each, of parameter ``given``."""
    return _AllAmong(*columns, bindparam(given, type_=_Rows()))


class _AllAmong(FunctionElement[bool]):
    """Without a type, as above. PostgreSQL, too, gets a text: an array of arrays would not come apart in rows."""

    inherit_cache = True


@compiles(_AllAmong)
def _all_among(element: _AllAmong, compiler: SQLCompiler, **how: Any) -> str:
    *columns, given = (compiler.process(clause, **how) for clause in element.clauses)
    postgresql = compiler.dialect.name == "postgresql"
    part = "value ->> {}" if postgresql else "json_extract(value, '$[{}]')"
    each = f"json_array_elements(CAST({given} AS JSON))" if postgresql else f"json_each({given})"
    parts = ", ".join(part.format(place) for place in range(len(columns)))
    return f"({', '.join(columns)}) IN (SELECT {parts} FROM {each})"  # noqa: S608 - clauses of ours


class _Several(TypeDecorator[Sequence[Any]]):
    """A list of values of one type: an array where there are any, else the text of a JSON list."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        if dialect.name == "postgresql" or value is None:
            return value
        made = self.of.bind_processor(dialect)
        return msgspec.json.encode(value if made is None else [made(one) for one in value]).decode()


class _Rows(TypeDecorator[Sequence[Sequence[str]]]):
    """Rows of texts as the text of a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Sequence[str]] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return msgspec.json.encode(value).decode()
