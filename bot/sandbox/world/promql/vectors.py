"""The values of PromQL over all steps of a query at once, and the error of an expression that cannot be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Labels = Mapping[str, str]
LabelKey = tuple[tuple[str, str], ...]

NAME = "__name__"


class QueryError(Exception):
    """The expression cannot be computed. ``kind`` is Prometheus' word: ``bad_data`` or ``execution``."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass(frozen=True)
class TimeSeries:
    """Samples as they were scraped; NaN means that the series was not there. ``times`` ascend."""

    labels: Labels
    times: Floats
    values: Floats


@dataclass(frozen=True)
class Row:
    """One series of a result: its value at every step, and whether there is one."""

    labels: Labels
    values: Floats
    present: Bools


@dataclass(frozen=True)
class Vector:
    """An instant vector at every step."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Scalar:
    """A number at every step."""

    values: Floats


Value = Vector | Scalar


def key_of(labels: Labels) -> LabelKey:
    """What two equal sets of labels have in common."""
    return tuple(sorted(labels.items()))


def without_name(labels: Labels) -> dict[str, str]:
    """The labels of a computed value: it is no longer the metric."""
    return {name: value for name, value in labels.items() if name != NAME}


def keep(labels: Labels, names: Iterable[str]) -> dict[str, str]:
    """Only the labels called ``names``."""
    wanted = set(names)
    return {name: value for name, value in labels.items() if name in wanted}


def drop(labels: Labels, names: Iterable[str]) -> dict[str, str]:
    """All labels but those called ``names`` and the metric's name."""
    unwanted = {*names, NAME}
    return {name: value for name, value in labels.items() if name not in unwanted}


def vector(rows: Iterable[Row]) -> Vector:
    """The rows that have a value at any step. Raises QueryError when two rows have the same labels."""
    kept = tuple(row for row in rows if row.present.any())
    if len({key_of(row.labels) for row in kept}) < len(kept):
        raise QueryError("execution", "vector cannot contain metrics with the same labelset")
    return Vector(kept)


def as_vector(value: Value) -> Vector:
    """``value``, which the parser has found to be a vector. Raises QueryError for a scalar."""
    if isinstance(value, Scalar):
        raise QueryError("bad_data", "expected an instant vector, got a scalar")
    return value
