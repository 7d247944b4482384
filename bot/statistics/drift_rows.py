"""Rows of two times to a drift: what is the distribution of their values now, and what was it?

``a`` is the reference, ``b`` is now. Values are numbers or, for ``psi`` and ``chi_square``, categories. A table for
each side holds them in the column that is called as the metric is, or in ``value``, or in ``prediction``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import msgspec

from bot.statistics.cases import CaseReader, Cases
from bot.statistics.compare_rows import cuts_of
from bot.statistics.counts import LeftOut
from bot.statistics.drift import Drift, Method, chi_square, ks, psi, psi_of_counts, wasserstein
from bot.statistics.parsing import Columns
from bot.statistics.rows import RowsRequest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

#: rows that an index needs for each of its categories: with fewer it exceeds what matters without any drift
ROWS_PER_CATEGORY = 50
MIN_ROWS: Mapping[Method, int] = {"psi": 500, "ks": 100, "chi_square": 100, "wasserstein": 100}
#: more than these are no categories but numbers or identities, and so are more than a twentieth of the rows
MOST_CATEGORIES, FEW_CATEGORIES = 1000, 50


class DriftOfSlice(msgspec.Struct, frozen=True):
    """What moved where ``by`` is ``value``; p-values are corrected for the number of slices."""

    by: str
    value: str
    drift: Drift


class Drifted(msgspec.Struct, frozen=True, kw_only=True):
    """The drift of all rows and of each slice; ``a_n`` and ``b_n`` are the rows of each side.

    ``worst`` is the slice that moved most among those that are bad. ``mature_at`` and ``counts`` as in Comparison.
    """

    drift: Drift
    a_n: int
    b_n: int
    slices: tuple[DriftOfSlice, ...] = ()
    left_out: LeftOut = LeftOut()
    mature_at: float | None = None
    counts: str = ""

    @property
    def worst(self) -> DriftOfSlice | None:
        """The bad slice with the largest value, if any is bad."""
        bad = (cut for cut in self.slices if cut.drift.verdict == "bad")
        return max(bad, key=lambda cut: cut.drift.value, default=None)


def drift_rows(request: RowsRequest) -> Drifted:
    """Carry out ``request``, whose ``test`` is one of drift; ``better``, weights and clusters mean nothing to it.

    Raises ValueError for rows that cannot be read, and for values that the test does not take.
    """
    cases, categories = _cases(request)
    cuts = [(by, value, _drift(cut, request, categories)) for by, value, cut in cuts_of(cases, request.slices)]
    corrected = _corrected([drift for _, _, drift in cuts], request)
    return Drifted(
        drift=_drift(cases, request, categories), a_n=len(cases.a), b_n=len(cases.b),
        slices=tuple(DriftOfSlice(by, value, drift) for (by, value, _), drift in zip(cuts, corrected, strict=True)),
        left_out=cases.left_out, mature_at=cases.mature_at, counts=cases.counts,
    )  # fmt: skip


class _Values(CaseReader):
    """Reads values as numbers."""

    def __init__(self, request: RowsRequest) -> None:
        super().__init__(request)
        self.own = tuple(dict.fromkeys((request.metric or "value", "value", "prediction")))

    def judged(self, columns: Columns) -> Floats:
        """The first of the columns that may hold the value."""
        found = next((columns.of[name] for name in self.own if name in columns.of), None)
        if found is None and columns.rows:
            raise ValueError(f"the rows need one of the columns {', '.join(map(repr, self.own))}")
        return self.values(found or [])


class _Categories(_Values):
    """Reads values as categories, by the same number on both sides."""

    def __init__(self, request: RowsRequest) -> None:
        super().__init__(request)
        self._numbers: dict[str, int] = {}

    def values(self, column: Sequence[Any]) -> Floats:
        """Each category's number; NaN where nothing stands."""
        import numpy as np

        add = self._numbers.setdefault
        found = (
            float("nan") if value in (None, "") else float(add(_spelt(value), len(self._numbers))) for value in column
        )
        return np.fromiter(found, dtype=np.float64, count=len(column))


def _spelt(value: Any) -> str:
    """1 and 1.0 are one category, whatever wrote them."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cases(request: RowsRequest) -> tuple[Cases, bool]:
    """The rows, and whether they are categories: those of ``psi`` are where they are no numbers."""
    try:
        if request.test == "chi_square":
            return _Categories(request).cases(paired=False), True
        try:
            return _Values(request).cases(paired=False), False
        except ValueError:
            if request.test != "psi":
                raise
            return _Categories(request).cases(paired=False), True
    except TypeError:
        raise ValueError("ids and slices of the rows are texts or numbers") from None


def _drift(cases: Cases, request: RowsRequest, categories: bool) -> Drift:
    method = cast("Method", request.test)
    a, b = cases.a.values, cases.b.values
    alpha, effect = 1 - request.confidence, request.min_effect
    enough = max(MIN_ROWS[method], request.min_positives)
    if categories:
        old, new = _counted(a, b)
        if method == "chi_square":
            return chi_square(old, new, min_effect=effect, min_n=enough, alpha=alpha)
        enough = max(enough, ROWS_PER_CATEGORY * len(old))
        return psi_of_counts(old, new, min_effect=effect, min_n=enough)
    if method == "psi":
        return psi(a, b, min_effect=effect, min_n=enough)
    if method == "ks":
        return ks(a, b, min_effect=effect, min_n=enough, alpha=alpha)
    return wasserstein(a, b, min_effect=effect, min_n=enough, alpha=alpha, seed=request.seed)


def _counted(a: Floats, b: Floats) -> tuple[list[int], list[int]]:
    """How often each category is on each side; those of neither are left out."""
    import numpy as np

    most = int(max((side.max() for side in (a, b) if len(side)), default=0.0)) + 1
    old, new = (np.bincount(side.astype(np.int64), minlength=most) for side in (a, b))
    there = old + new > 0
    different = int(there.sum())
    if different > min(MOST_CATEGORIES, max(FEW_CATEGORIES, (len(a) + len(b)) // 20)):
        raise ValueError(f"{different:,} different values are no categories; psi, ks and wasserstein take numbers")
    return old[there].tolist(), new[there].tolist()


def _corrected(drifts: Sequence[Drift], request: RowsRequest) -> list[Drift]:
    """The p-values of those with enough rows, corrected for their number; an index has none to correct."""
    measured = [number for number, one in enumerate(drifts) if one.p is not None and one.verdict != "no_data"]
    if request.correct == "none" or len(measured) < 2:
        return list(drifts)
    from statsmodels.stats.multitest import multipletests

    method = "holm" if request.correct == "holm" else "fdr_bh"
    p_values = multipletests([drifts[number].p for number in measured], method=method)[1]
    found = list(drifts)
    for number, p in zip(measured, p_values.tolist(), strict=True):
        one = drifts[number]
        chance = one.verdict == "bad" and p >= 1 - request.confidence
        found[number] = msgspec.structs.replace(one, p=p, verdict="inconclusive" if chance else one.verdict)
    return found
