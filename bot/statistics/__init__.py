"""Which numbers are news: comparisons of versions, trends, jumps, drift; a verdict with its interval and sizes.

``compare`` judges counts and ``compare_rows`` rows; ``series`` has trends and jumps, ``sequential`` looks without
end, ``drift`` distributions, ``drift_rows`` those of rows. Pure, and quick to import: numpy, scipy and
statsmodels are loaded by the first computation, which is why the steps run it in a child process. Values cross that
border unchanged; all of them are frozen msgspec structs.
"""

from __future__ import annotations

from bot.statistics.compare import compare_request, paired, two_proportions
from bot.statistics.compare_rows import compare_rows
from bot.statistics.counts import (
    CompareRequest,
    Comparison,
    Counts,
    LeftOut,
    PairedCounts,
    SliceComparison,
    SliceCounts,
)
from bot.statistics.rows import Rows, RowsRequest, Table

__all__ = [
    "CompareRequest",
    "Comparison",
    "Counts",
    "LeftOut",
    "PairedCounts",
    "Rows",
    "RowsRequest",
    "SliceComparison",
    "SliceCounts",
    "Table",
    "compare_request",
    "compare_rows",
    "paired",
    "two_proportions",
]
