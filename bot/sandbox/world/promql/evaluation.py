"""Computing a parsed expression at every step of a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import promql_parser as ast

from bot.sandbox.world.promql.operators import combine
from bot.sandbox.world.promql.selection import Source, at_steps
from bot.sandbox.world.promql.vectors import (
    Bools,
    Floats,
    LabelKey,
    QueryError,
    Row,
    Scalar,
    Value,
    Vector,
    as_vector,
    drop,
    keep,
    key_of,
    vector,
    without_name,
)
from bot.sandbox.world.promql.windows import WINDOW_FUNCTIONS, over_window


def parse(text: str) -> Any:
    """The expression. Raises QueryError (``bad_data``) that says where it is wrong."""
    try:
        return ast.parse(text)
    except ValueError as problem:
        raise QueryError("bad_data", f'invalid parameter "query": parse error: {problem}') from None


def evaluate(expression: Any, source: Source, times: Floats) -> Value:
    """The value of ``expression`` at ``times`` (seconds since 1970). Raises QueryError for what is left out here."""
    for kind, compute in _KINDS.items():
        if isinstance(expression, kind):
            return compute(expression, source, times)
    name = type(expression).__name__
    raise QueryError("execution", f"the synthetic world cannot compute a {name} here")


def _number(expression: ast.NumberLiteral, source: Source, times: Floats) -> Value:
    del source
    return Scalar(np.full(len(times), float(expression.val)))


def _parenthesis(expression: ast.ParenExpr, source: Source, times: Floats) -> Value:
    return evaluate(expression.expr, source, times)


def _minus(expression: ast.UnaryExpr, source: Source, times: Floats) -> Value:
    return _each(evaluate(expression.expr, source, times), np.negative)


def _binary(expression: ast.BinaryExpr, source: Source, times: Floats) -> Value:
    return combine(expression, evaluate(expression.lhs, source, times), evaluate(expression.rhs, source, times))


def _call(expression: ast.Call, source: Source, times: Floats) -> Value:
    name, arguments = expression.func.name, expression.args
    if name in WINDOW_FUNCTIONS:
        if not isinstance(arguments[0], ast.MatrixSelector):
            raise QueryError("execution", "the synthetic world does not know subqueries")
        return over_window(name, arguments[0], source, times)
    if name == "time":
        return Scalar(times)
    if name == "vector":
        value = evaluate(arguments[0], source, times)
        if isinstance(value, Vector):
            raise QueryError("bad_data", "expected type scalar in call to function 'vector'")
        return Vector((Row({}, value.values, np.ones(len(times), dtype=bool)),))
    if name == "scalar":
        return _scalar(as_vector(evaluate(arguments[0], source, times)), len(times))
    if name in _ELEMENTWISE:
        return _each(evaluate(arguments[0], source, times), _ELEMENTWISE[name])
    raise QueryError("execution", f"the synthetic world does not know the function {name!r}")


def _aggregate(expression: ast.AggregateExpr, source: Source, times: Floats) -> Value:
    op = str(expression.op)
    if op not in _REDUCERS:
        raise QueryError("execution", f"the synthetic world does not know the aggregation {op!r}")
    value = as_vector(evaluate(expression.expr, source, times))
    groups: dict[LabelKey, list[Row]] = {}
    for row in value.rows:
        groups.setdefault(key_of(_group(row.labels, expression.modifier)), []).append(row)
    return vector(_reduce(op, dict(key), rows) for key, rows in groups.items())


def _group(labels: Mapping[str, str], modifier: Any) -> dict[str, str]:
    if modifier is None:
        return {}
    if modifier.type == ast.AggModifierType.By:
        return keep(labels, modifier.labels)
    return drop(labels, modifier.labels)


def _reduce(op: str, labels: dict[str, str], rows: list[Row]) -> Row:
    values = np.stack([row.values for row in rows])
    present = np.stack([row.present for row in rows])
    anywhere: Bools = np.any(present, axis=0)
    return Row(labels, _REDUCERS[op](values, present), anywhere)


def _mean(values: Floats, present: Bools) -> Floats:
    result: Floats = np.where(present, values, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    return result


def _each(value: Value, function: Callable[[Floats], Any]) -> Value:
    if isinstance(value, Scalar):
        return Scalar(function(value.values))
    return vector(Row(without_name(row.labels), function(row.values), row.present) for row in value.rows)


def _scalar(value: Vector, steps: int) -> Scalar:
    """The value of the only row, where there is exactly one; else not a number."""
    if not value.rows:
        return Scalar(np.full(steps, np.nan))
    present = np.stack([row.present for row in value.rows])
    values = np.where(present, np.stack([row.values for row in value.rows]), 0.0).sum(axis=0)
    return Scalar(np.where(present.sum(axis=0) == 1, values, np.nan))


_ELEMENTWISE: Mapping[str, Callable[[Floats], Any]] = {"abs": np.abs, "ceil": np.ceil, "floor": np.floor}

_REDUCERS: Mapping[str, Callable[[Floats, Bools], Floats]] = {
    "sum": lambda values, present: np.where(present, values, 0.0).sum(axis=0),
    "avg": _mean,
    "max": lambda values, present: np.where(present, values, -np.inf).max(axis=0),
    "min": lambda values, present: np.where(present, values, np.inf).min(axis=0),
    "count": lambda _, present: present.sum(axis=0).astype(np.float64),
}

_KINDS: Mapping[type, Callable[[Any, Source, Floats], Value]] = {
    ast.NumberLiteral: _number,
    ast.ParenExpr: _parenthesis,
    ast.UnaryExpr: _minus,
    ast.BinaryExpr: _binary,
    ast.Call: _call,
    ast.AggregateExpr: _aggregate,
    ast.VectorSelector: at_steps,
}
