"""Comparing versions of a model: counts in, a verdict with its interval and sample sizes out.

Pure, and quick to import: scipy and statsmodels are loaded by the first comparison, which is why the steps run
them in a child process. Values cross that border unchanged; all of them are frozen msgspec structs.
"""

from __future__ import annotations

from bot.statistics.compare import compare_request, paired, two_proportions
from bot.statistics.counts import (
    CompareRequest,
    Comparison,
    Counts,
    PairedCounts,
    SliceComparison,
    SliceCounts,
)

__all__ = [
    "CompareRequest",
    "Comparison",
    "Counts",
    "PairedCounts",
    "SliceComparison",
    "SliceCounts",
    "compare_request",
    "paired",
    "two_proportions",
]
