"""Seeded series and rows for simulations."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bot.statistics import Comparison, Rows, RowsRequest, Table, compare_rows

Floats = npt.NDArray[np.float64]


def autoregression(rho: float, *, series: int, n: int, seed: int) -> Floats:
    """First-order autoregressions of shape (series, n) with unit noise, past their beginning."""
    from scipy.signal import lfilter

    noise = np.random.default_rng(seed).standard_normal((series, n + 100))
    found: Floats = lfilter([1.0], [1.0, -rho], noise, axis=1)[:, 100:]
    return found


def table(**columns: Any) -> Rows:
    """One table of columns."""
    lists = {name: column.tolist() if isinstance(column, np.ndarray) else column for name, column in columns.items()}
    return Rows(both=Table(msgspec.json.encode({"columns": lists}), "json"))


def compared(rows: Rows, **asked: Any) -> Comparison:
    """The rows compared, by pairs unless asked for otherwise."""
    usual: dict[str, Any] = {"test": "paired", "better": "higher", "min_effect": 0.02, "seed": 1}
    return compare_rows(RowsRequest(rows=rows, **{**usual, **asked}))
