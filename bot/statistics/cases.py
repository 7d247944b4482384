"""Rows become cases: of what the metric is about, with labels that are old enough, matched by id.

What is left out is counted, because people are told. Raises ValueError for rows that cannot be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from bot.statistics.counts import LeftOut
from bot.statistics.parsing import Columns, codes, numbers, read_columns, seconds
from bot.statistics.rows import RowsRequest, Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

#: metrics that are about the cases with this label; all others are about all cases
ABOUT = {"recall": 1.0, "sensitivity": 1.0, "true_positive_rate": 1.0, "specificity": 0.0, "true_negative_rate": 0.0}
#: metrics that are about the cases which a version itself calls positive: others for each version
CLAIMED = ("precision", "positive_predictive_value")


@dataclass(frozen=True)
class Side:
    """What one version made of its cases: arrays of shape (n,). ``slices`` hold each case's number of a value."""

    values: Floats
    weights: Floats | None
    clusters: Ints | None
    slices: Mapping[str, Ints]

    def at(self, places: Ints | Mask) -> Side:
        """Only the cases at ``places``."""
        return Side(
            self.values[places],
            None if self.weights is None else self.weights[places],
            None if self.clusters is None else self.clusters[places],
            {by: found[places] for by, found in self.slices.items()},
        )

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Cases:
    """Both sides; where ``paired``, case k of one is case k of the other. ``values`` name the slices' numbers.

    ``mature_at``: when (seconds since 1970) enough labels will be old enough, if they are not now. ``counts`` is what
    the source calls the cases.
    """

    a: Side
    b: Side
    paired: bool
    values: Mapping[str, Sequence[str]]
    left_out: LeftOut
    mature_at: float | None = None
    counts: str = ""


class CaseReader:
    """Reads the tables of one request; clusters and slices have the same numbers on both sides."""

    #: which columns of a table of its own say what a version made of a case
    own: tuple[str, ...] = ("value", "correct", "prediction")

    def __init__(self, request: RowsRequest) -> None:
        self._request = request
        self._known: dict[str, dict[Any, int]] = {}
        self._out = dict.fromkeys(("incomplete", "repeated", "unmatched", "immature"), 0)
        self._mature_at: float | None = None
        self._counts = ""

    def cases(self, *, paired: bool) -> Cases:
        """The cases of the request; paired by row, or by id if each version has a table of its own."""
        rows = self._request.rows
        if rows.both is not None:
            a, b = self._one_table(rows.both, paired=paired)
        elif rows.a is not None and rows.b is not None:
            a_ids, a = self._own_table(rows.a)
            b_ids, b = self._own_table(rows.b)
            if paired:
                a, b = self._matched(a_ids, a, b_ids, b)
        else:
            raise ValueError("the comparison needs one table for both versions, or one for each")
        names = {by: [_name(value) for value in self._known.get(by, {})] for by in self._request.slices}
        return Cases(a, b, paired, names, LeftOut(**self._out), self._mature_at, self._counts)

    def values(self, column: Sequence[Any]) -> Floats:
        """What stands in ``column``, NaN where nothing does."""
        return numbers(column)

    def judged(self, columns: Columns) -> Floats:
        """What the version made of each case of a table of its own."""
        return _judged(columns)

    def _one_table(self, table: Table, *, paired: bool) -> tuple[Side, Side]:
        import numpy as np

        columns = self._read(table, ("a", "b"))
        if columns.rows and not {"a", "b"} <= columns.of.keys():
            raise ValueError("the rows need the columns 'a' and 'b', what each version made of the case")
        values = [self.values(columns.of.get(name, [])) for name in ("a", "b")]
        there = [np.isfinite(side) for side in values]
        kept = self._counted(columns, there[0] & there[1] if paired else there[0] | there[1])
        shared = self._shared(columns)
        places = [kept if paired else kept[one[kept]] for one in there]
        return Side(values[0], *shared).at(places[0]), Side(values[1], *shared).at(places[1])

    def _own_table(self, table: Table) -> tuple[list[Any] | None, Side]:
        import numpy as np

        columns = self._read(table, self.own)
        values = self.judged(columns)
        claimed = self._claimed(columns) if self._request.metric in CLAIMED and columns.rows else None
        kept = self._counted(columns, np.isfinite(values), claimed)
        ids = columns.of.get("id")
        return None if ids is None else [ids[place] for place in kept], Side(values, *self._shared(columns)).at(kept)

    def _claimed(self, columns: Columns) -> Mask:
        """The rows whose prediction is positive."""
        if self._request.test == "paired":
            raise ValueError("precision is about other cases of each version; two_proportions compares those")
        if not {"label", "prediction"} <= columns.of.keys():
            raise ValueError("precision needs the columns 'label' and 'prediction'")
        found: Mask = numbers(columns.of["prediction"]) == 1
        return found

    def _read(self, table: Table, values: Sequence[str]) -> Columns:
        asked = self._request
        extra = [name for name in (asked.weights, asked.cluster) if name]
        found = read_columns(table, list(dict.fromkeys(("id", *values, "label", "at", *extra, *asked.slices))))
        for name in extra:
            if found.rows and name not in found.of:
                raise ValueError(f"the rows have no column {name!r}")
        self._counts = self._counts or found.counts
        age = found.labels_age_seconds
        if age is not None and age < asked.label_delay:
            self._mature_at = max(self._mature_at or 0.0, asked.now + asked.label_delay - age)
        return found

    def _shared(self, columns: Columns) -> tuple[Floats | None, Ints | None, dict[str, Ints]]:
        asked = self._request
        weights = numbers(columns.of[asked.weights]) if asked.weights and columns.rows else None
        clusters = self._codes(columns, asked.cluster) if asked.cluster and columns.rows else None
        return weights, clusters, {by: self._codes(columns, by) for by in asked.slices if by in columns.of}

    def _codes(self, columns: Columns, name: str) -> Ints:
        return codes(columns.of[name], self._known.setdefault(name, {}))

    def _counted(self, columns: Columns, there: Mask, claimed: Mask | None = None) -> Ints:
        """The places of rows that are complete, mature, of what the metric is about, and not there before."""
        import numpy as np

        asked = self._request
        about = ABOUT.get(asked.metric)
        if asked.weights and columns.rows:
            there = there & _weighing(numbers(columns.of[asked.weights]))
        if about is not None and "label" in columns.of:
            label = numbers(columns.of["label"])
            complete, fits = there & np.isfinite(label), ~np.isfinite(label) | (label == about)
        else:
            complete, fits = there, np.ones(len(there), dtype=np.bool_)
        if claimed is not None:
            fits = fits & claimed
        young = self._young(columns, fits, complete)
        self._out["immature"] += int((young & fits).sum())
        self._out["incomplete"] += int((~complete & fits & ~young).sum())
        return self._unrepeated(columns, np.flatnonzero(complete & fits & ~young))

    def _young(self, columns: Columns, fits: Mask, complete: Mask) -> Mask:
        """The rows whose label may still change, and when enough of them will be old enough."""
        import numpy as np

        asked = self._request
        none = np.zeros(len(fits), dtype=np.bool_)
        if asked.label_delay <= 0 or "at" not in columns.of:
            return none
        at = seconds(columns.of["at"])
        young: Mask = at > asked.now - asked.label_delay
        old = complete & ~young
        missing = asked.min_positives - int((old & fits).sum())
        if missing > 0 and bool(young.any()):
            share = (int((old & fits).sum()) / int(old.sum()) if old.any() else 1.0) or 1.0
            waiting = np.sort(at[young])
            last = waiting[min(len(waiting), ceil(missing / share)) - 1]
            self._mature_at = max(self._mature_at or 0.0, float(last) + asked.label_delay)
        return young

    def _unrepeated(self, columns: Columns, kept: Ints) -> Ints:
        import numpy as np

        ids = columns.of.get("id")
        if ids is None:
            return kept
        first: dict[Any, int] = {}
        for place in kept.tolist():
            first.setdefault(ids[place], place)
        self._out["repeated"] += len(kept) - len(first)
        return np.fromiter(first.values(), dtype=np.int64, count=len(first))

    def _matched(self, a_ids: list[Any] | None, a: Side, b_ids: list[Any] | None, b: Side) -> tuple[Side, Side]:
        import numpy as np

        if a_ids is None or b_ids is None:
            raise ValueError("pairs are matched by the column 'id', which both tables need")
        if a_ids != b_ids:
            place = {str(key): number for number, key in enumerate(b_ids)}
            found = np.fromiter((place.get(str(key), -1) for key in a_ids), dtype=np.int64, count=len(a_ids))
            matched = found >= 0
            self._out["unmatched"] += len(a) + len(b) - 2 * int(matched.sum())
            a, b = a.at(matched), b.at(found[matched])
        return a, Side(b.values, a.weights, a.clusters, a.slices)


def _judged(columns: Columns) -> Floats:
    """What the version made of each case: as the table says, or whether its prediction is the label."""
    import numpy as np

    for name in ("value", "correct"):
        if name in columns.of:
            return numbers(columns.of[name])
    if {"label", "prediction"} <= columns.of.keys():
        pairs = zip(columns.of["label"], columns.of["prediction"], strict=True)
        return np.array([float("nan") if None in pair or "" in pair else float(pair[0] == pair[1]) for pair in pairs])
    if columns.rows == 0:
        return np.zeros(0)
    raise ValueError("the rows need 'value', or 'correct', or 'label' and 'prediction'")


def _weighing(weights: Floats) -> Mask:
    import numpy as np

    if bool((weights < 0).any()):
        raise ValueError("weights cannot be negative")
    return np.isfinite(weights) & (weights > 0)


def _name(value: Any) -> str:
    return "(none)" if value in (None, "") else str(value)
