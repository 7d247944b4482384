"""Binary operators between scalars and vectors: arithmetic, comparisons, and the operators on sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from promql_parser import BinaryExpr, BinModifier, LabelModifierType, VectorMatchCardinality

from bot.sandbox.world.promql.vectors import (
    Floats,
    LabelKey,
    Labels,
    QueryError,
    Row,
    Scalar,
    Value,
    Vector,
    drop,
    keep,
    key_of,
    vector,
    without_name,
)

ARITHMETIC: Mapping[str, Callable[[Floats, Floats], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
}
COMPARISONS: Mapping[str, Callable[[Floats, Floats], Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}
SETS = ("and", "or", "unless")


def combine(expression: BinaryExpr, left: Value, right: Value) -> Value:
    """``left op right`` as Prometheus computes it. Raises QueryError for operators that are not known here."""
    op, modifier = str(expression.op), expression.modifier
    as_bool = modifier is not None and modifier.return_bool
    if op in SETS:
        return _sets(op, left, right, modifier)
    if op not in ARITHMETIC and op not in COMPARISONS:
        raise QueryError("execution", f"the synthetic world does not know the operator {op!r}")
    if isinstance(left, Scalar):
        if isinstance(right, Scalar):
            return Scalar(_compute(op, left.values, right.values))
        return vector(_row(op, row, left.values, row.values, as_bool=as_bool) for row in right.rows)
    if isinstance(right, Scalar):
        return vector(_row(op, row, row.values, right.values, as_bool=as_bool) for row in left.rows)
    return _pairwise(op, left, right, modifier, as_bool=as_bool)


def _compute(op: str, left: Floats, right: Floats) -> Floats:
    with np.errstate(all="ignore"):
        function = ARITHMETIC.get(op) or COMPARISONS[op]
        return np.asarray(function(left, right), dtype=np.float64)


def _row(op: str, row: Row, left: Floats, right: Floats, *, as_bool: bool) -> Row:
    """One row of a result. A comparison without ``bool`` keeps the row where it holds, with its name and value."""
    result = _compute(op, left, right)
    if op in COMPARISONS and not as_bool:
        return Row(row.labels, row.values, row.present & (result == 1.0))
    return Row(without_name(row.labels), result, row.present)


def _pairwise(op: str, left: Vector, right: Vector, modifier: BinModifier | None, *, as_bool: bool) -> Vector:
    if modifier is not None and modifier.card != VectorMatchCardinality.OneToOne:
        raise QueryError("execution", "the synthetic world does not know group_left and group_right")
    partners = _by_signature(right, modifier)
    _by_signature(left, modifier)
    rows = []
    for row in left.rows:
        partner = partners.get(_signature(row.labels, modifier))
        if partner is None:
            continue
        both = Row(row.labels, row.values, row.present & partner.present)
        made = _row(op, both, row.values, partner.values, as_bool=as_bool)
        filtering = op in COMPARISONS and not as_bool
        rows.append(made if filtering else Row(_result_labels(row.labels, modifier), made.values, made.present))
    return vector(rows)


def _by_signature(side: Vector, modifier: BinModifier | None) -> dict[LabelKey, Row]:
    found: dict[LabelKey, Row] = {}
    for row in side.rows:
        signature = _signature(row.labels, modifier)
        other = found.get(signature)
        if other is not None and (other.present & row.present).any():
            text = "found duplicate series for the match group: many-to-many matching not allowed"
            raise QueryError("execution", text)
        found[signature] = row
    return found


def _signature(labels: Labels, modifier: BinModifier | None) -> LabelKey:
    return key_of(_result_labels(labels, modifier))


def _result_labels(labels: Labels, modifier: BinModifier | None) -> dict[str, str]:
    """What two rows are matched by, which are also the labels of the result."""
    matching = modifier.matching if modifier is not None else None
    if matching is None:
        return without_name(labels)
    if matching.type == LabelModifierType.Include:
        return keep(labels, matching.labels)
    return drop(labels, matching.labels)


def _sets(op: str, left: Value, right: Value, modifier: BinModifier | None) -> Vector:
    if not isinstance(left, Vector) or not isinstance(right, Vector):
        raise QueryError("bad_data", f"set operator {op!r} not allowed in binary scalar expression")
    there = _presence(right, modifier)
    if op == "or":
        mine = _presence(left, modifier)
        added = [_without(row, mine.get(_signature(row.labels, modifier))) for row in right.rows]
        return vector([*left.rows, *added])
    rows = []
    for row in left.rows:
        other = there.get(_signature(row.labels, modifier))
        if op == "unless":
            rows.append(_without(row, other))
        elif other is not None:
            rows.append(Row(row.labels, row.values, row.present & other))
    return vector(rows)


def _presence(side: Vector, modifier: BinModifier | None) -> dict[LabelKey, Any]:
    found: dict[LabelKey, Any] = {}
    for row in side.rows:
        signature = _signature(row.labels, modifier)
        found[signature] = row.present | found.get(signature, np.zeros_like(row.present))
    return found


def _without(row: Row, elsewhere: Any) -> Row:
    return row if elsewhere is None else Row(row.labels, row.values, row.present & ~elsewhere)
