"""What was measured, what it may be at most, and the table that says both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """One line of the table. ``limit`` None: nothing is promised, it is there to compare with."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """``pass`` or ``MISS``; nothing without a limit."""
        if self.limit is None:
            return ""
        return "pass" if self.value <= self.limit else "MISS"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, with their limits."""
    rows = [("what", "measured", "limit", "", "")]
    for one in figures:
        limit = "" if one.limit is None else f"{one.limit:g} {one.unit}".strip()
        rows.append((one.name, f"{_short(one.value)} {one.unit}".strip(), limit, one.verdict, one.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {limit:>{widths[2]}}  {verdict:<{widths[3]}}  {note}".rstrip()
        for name, value, limit, verdict, note in rows
    ]
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def median_ms(work: Callable[[], object], *, times: int) -> float:
    """The median time of ``work`` in milliseconds."""
    return statistics.median(each_ms(work, times=times))


def each_ms(work: Callable[[], object], *, times: int, timer: Callable[[], float] = time.perf_counter) -> list[float]:
    """How long ``work`` took each time, in milliseconds of ``timer``."""
    found = []
    for _ in range(times):
        begun = timer()
        work()
        found.append((timer() - begun) * 1000)
    return found
