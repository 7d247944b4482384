"""What Prometheus' HTTP API answers: parameters in, status and JSON body out. No network here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import promql_parser as ast

from bot.sandbox.world.promql.evaluation import evaluate, parse
from bot.sandbox.world.promql.selection import Source, offset_seconds, select
from bot.sandbox.world.promql.vectors import Floats, QueryError, Row, Scalar

Answer = tuple[int, dict[str, Any]]

MOST_POINTS = 11_000


def instant_query(parameters: Mapping[str, str], source: Source, *, now: float) -> Answer:
    """``/api/v1/query``: the expression at ``time``, or at ``now`` (seconds since 1970)."""
    try:
        expression = parse(parameters.get("query", ""))
        moment = _moment(parameters, "time") if "time" in parameters else now
        if isinstance(expression, ast.StringLiteral):
            return _success("string", [_stamp(moment), expression.val])
        if isinstance(expression, ast.MatrixSelector):
            return _success("matrix", _samples(expression, source, moment))
        value = evaluate(expression, source, np.array([moment]))
        if isinstance(value, Scalar):
            return _success("scalar", [_stamp(moment), number(value.values[0])])
        result = [
            {"metric": dict(row.labels), "value": [_stamp(moment), number(row.values[0])]} for row in value.rows
        ]
        return _success("vector", result)
    except QueryError as problem:
        return _failure(problem)


def range_query(parameters: Mapping[str, str], source: Source) -> Answer:
    """``/api/v1/query_range``: the expression at every ``step`` from ``start`` to ``end``, both included."""
    try:
        times = _steps(parameters)
        value = evaluate(_for_a_range(parse(parameters.get("query", ""))), source, times)
        every = np.ones(len(times), dtype=bool)
        rows = (Row({}, value.values, every),) if isinstance(value, Scalar) else value.rows
        result = [{"metric": dict(row.labels), "values": _points(row, times)} for row in rows]
        return _success("matrix", result)
    except QueryError as problem:
        return _failure(problem)


def number(value: float) -> str:
    """A sample's value as Prometheus writes it: shortest, never with an exponent."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    text = repr(float(value))
    if "e" in text:
        return np.format_float_positional(value, trim="-")
    return text.removesuffix(".0")


def _success(kind: str, result: Any) -> Answer:
    return 200, {"status": "success", "data": {"resultType": kind, "result": result}}


def _failure(problem: QueryError) -> Answer:
    status = 400 if problem.kind == "bad_data" else 422
    return status, {"status": "error", "errorType": problem.kind, "error": str(problem)}


def _steps(parameters: Mapping[str, str]) -> Floats:
    start, end, step = _moment(parameters, "start"), _moment(parameters, "end"), _step(parameters)
    if end < start:
        raise QueryError("bad_data", 'invalid parameter "end": end timestamp must not be before start time')
    if (end - start) / step > MOST_POINTS:
        text = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution"
        raise QueryError("bad_data", f"{text} (?step=XX)")
    steps: Floats = start + step * np.arange(int((end - start) / step + 1e-9) + 1)
    return steps


def _for_a_range(expression: Any) -> Any:
    """``expression``, which has to be one that a range of steps can be made of."""
    if isinstance(expression, ast.MatrixSelector | ast.StringLiteral):
        kind = "range vector" if isinstance(expression, ast.MatrixSelector) else "string"
        text = f'invalid expression type "{kind}" for range query, must be Scalar or instant Vector'
        raise QueryError("bad_data", f'invalid parameter "query": {text}')
    return expression


def _points(row: Row, times: Floats) -> list[list[Any]]:
    return [
        [_stamp(moment), number(value)]
        for moment, value, there in zip(times.tolist(), row.values.tolist(), row.present.tolist(), strict=True)
        if there
    ]


def _samples(selector: ast.MatrixSelector, source: Source, moment: float) -> Sequence[dict[str, Any]]:
    """The raw samples of a range selector."""
    end = moment - offset_seconds(selector.vector_selector)
    start = end - selector.range.total_seconds()
    result = []
    for series in select(selector.vector_selector, source):
        inside = (series.times >= start) & (series.times <= end) & ~np.isnan(series.values)
        row = Row(series.labels, series.values[inside], np.ones(int(inside.sum()), dtype=bool))
        if inside.any():
            result.append({"metric": dict(row.labels), "values": _points(row, series.times[inside])})
    return result


def _stamp(moment: float) -> float | int:
    rounded = round(moment, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _moment(parameters: Mapping[str, str], name: str) -> float:
    text = parameters.get(name, "")
    try:
        return float(text)
    except ValueError:
        try:
            stamp = datetime.fromisoformat(text)
        except ValueError:
            stamp = None
    if stamp is None or stamp.tzinfo is None:
        raise QueryError("bad_data", f'invalid parameter "{name}": cannot parse "{text}" to a valid timestamp')
    return stamp.timestamp()


def _step(parameters: Mapping[str, str]) -> float:
    text = parameters.get("step", "")
    try:
        step = float(text)
    except ValueError:
        try:
            step = ast.parse_duration(text).total_seconds()
        except ValueError:
            raise QueryError(
                "bad_data", f'invalid parameter "step": cannot parse "{text}" to a valid duration'
            ) from None
    if not step > 0:
        text = "zero or negative query resolution step widths are not accepted. Try a positive integer"
        raise QueryError("bad_data", f'invalid parameter "step": {text}')
    return step
