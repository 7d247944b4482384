"""Rows of two versions to a verdict: read, matched, cut into slices, each cut tested as the request says.

Plain rows of 0 and 1 become counts and are judged exactly as counts are. Weighted rows, rows in clusters and other
numbers have robust errors or are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bot.statistics.cases import CaseReader, Cases, Side
from bot.statistics.compare import compare
from bot.statistics.counts import Comparison, Counts, PairedCounts
from bot.statistics.drawn import MOST_CLUSTERS, drawn_means, drawn_of_counts
from bot.statistics.estimated import Drawn
from bot.statistics.latency import quantile_difference
from bot.statistics.ranks import mann_whitney
from bot.statistics.robust import difference, shares, summed
from bot.statistics.rows import RowsRequest
from bot.statistics.rule import Rule
from bot.statistics.samples import Pairs, Sample, Separate
from bot.statistics.slices import Cut

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
#: an attribute with more values than these is an identity, not a slice; the largest are looked at
MOST_VALUES = 100


def compare_rows(request: RowsRequest) -> Comparison:
    """Carry out ``request``.

    ``no_data`` with ``mature_at`` where the labels, or too many of them, are younger than ``label_delay``. Raises
    ValueError for rows that cannot be read or compared.
    """
    try:
        cases = CaseReader(request).cases(paired=_paired(request))
    except TypeError:
        raise ValueError("ids, slices and clusters of the rows are texts or numbers") from None
    rule = Rule(request.better, request.min_effect, request.confidence, request.min_positives)
    rates = _are_shares(cases)
    sample = _sample(cases, request, rates)
    cuts = [Cut(by, value, _sample(cut, request, rates)) for by, value, cut in cuts_of(cases, request.slices)]
    found = compare(sample, rule, request.test, cuts, request.correct)
    found = msgspec.structs.replace(found, left_out=cases.left_out, mature_at=cases.mature_at, counts=cases.counts)
    if cases.mature_at is None:
        return found
    return msgspec.structs.replace(found, verdict="no_data", needed_n=None, worst=None)


def _paired(request: RowsRequest) -> bool:
    if request.test == "bootstrap" and request.statistic == "mean":
        return request.rows.both is not None
    return request.test == "paired"


def _are_shares(cases: Cases) -> bool:
    return all(bool(((side.values == 0) | (side.values == 1)).all()) for side in (cases.a, cases.b))


def _sample(cases: Cases, request: RowsRequest, rates: bool) -> Sample:
    if min(len(cases.a), len(cases.b)) == 0:
        return Separate(Counts(n=len(cases.a), successes=0), Counts(n=len(cases.b), successes=0))
    if request.test == "mann_whitney":
        return mann_whitney(cases)
    if request.statistic in QUANTILES and request.test == "bootstrap":
        return quantile_difference(cases, QUANTILES[request.statistic], seed=request.seed)
    plain = rates and cases.a.weights is None and cases.a.clusters is None
    if request.test == "bootstrap":
        return _bootstrap(cases, request.seed, plain, rates)
    if request.test == "two_proportions" and not rates:
        raise ValueError("two proportions are of rows that are 0 or 1; use mann_whitney or bootstrap for numbers")
    if not plain:
        return difference(cases, rates=rates)
    return Pairs(_pairs(cases)) if cases.paired else Separate(_counts(cases.a), _counts(cases.b))


def _bootstrap(cases: Cases, seed: int, plain: bool, rates: bool) -> Sample:
    """Means drawn by clusters; where there are thousands, the robust error says the same at once."""
    import numpy as np

    if plain:
        paired = _pairs(cases) if cases.paired else None
        return drawn_of_counts(paired=paired, a=_counts(cases.a), b=_counts(cases.b), seed=seed)
    known = difference(cases, rates=rates)
    sides = [_sums(side) for side in (cases.a, cases.b)]
    if max(len(sums) for sums, _ in sides) > MOST_CLUSTERS:
        return known
    if cases.paired:
        sums, weights = (np.column_stack(pair) for pair in zip(*sides, strict=True))
        draws = drawn_means(sums, weights, seed=seed)
        drawn = draws[:, 1] - draws[:, 0]
    else:
        one, two = (drawn_means(s[:, None], w[:, None], seed=seed + n) for n, (s, w) in enumerate(sides))
        drawn = (two - one)[:, 0]
    return Drawn(
        a_rate=known.a_rate, b_rate=known.b_rate, draws=drawn[np.isfinite(drawn)],
        sizes=known.sizes, rates=rates,
    )  # fmt: skip


def _sums(side: Side) -> tuple[Floats, Floats]:
    """Weighted sums and weights of each cluster, both of shape (clusters,); without clusters of each row."""
    counting = shares(side) * len(side)
    if side.clusters is None:
        return counting * side.values, counting
    return summed(counting * side.values, side.clusters), summed(counting, side.clusters)


def _pairs(cases: Cases) -> PairedCounts:
    import numpy as np

    cells = np.bincount((cases.a.values * 2 + cases.b.values).astype(np.int64), minlength=4).tolist()
    return PairedCounts(neither=cells[0], only_b=cells[1], only_a=cells[2], both=cells[3])


def _counts(side: Side) -> Counts:
    return Counts(n=len(side), successes=int(side.values.sum()))


def cuts_of(cases: Cases, slices: tuple[str, ...]) -> Iterator[tuple[str, str, Cases]]:
    """The cases of each value of each slice, the largest first where there are too many values."""
    import numpy as np

    for by in slices:
        values = cases.values.get(by, ())
        numbers = [side.slices[by] for side in (cases.a, cases.b) if by in side.slices]
        if len(numbers) < 2 or not values:
            continue
        sizes = np.bincount(numbers[0], minlength=len(values))
        chosen = sorted(np.argsort(-sizes, kind="stable")[:MOST_VALUES].tolist())
        places = [_places(found, len(values)) for found in numbers]
        for number in chosen:
            a, b = (_part(side, place[number]) for side, place in zip((cases.a, cases.b), places, strict=True))
            if len(a) or len(b):
                yield by, values[number], replace(cases, a=a, b=b)


def _part(side: Side, places: Ints) -> Side:
    """The cases at ``places``, which are not cut again."""
    return replace(side, slices={}).at(places)


def _places(numbers: Ints, values: int) -> list[Ints]:
    """Where each of ``values`` numbers stands."""
    import numpy as np

    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=values))
    return np.split(order, ends[:-1])
