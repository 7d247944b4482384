"""What a chart shows, as values."""

from __future__ import annotations

from typing import Literal

import msgspec

#: (seconds since 1970, value), in the order of time
Points = tuple[tuple[float, float], ...]


class Line(msgspec.Struct, frozen=True):
    """One series; ``name`` tells it from the others (``v41``), empty where it is the only one."""

    name: str
    points: Points


class Mark(msgspec.Struct, frozen=True):
    """Something that happened at ``at`` (seconds since 1970)."""

    at: float
    label: str
    kind: Literal["change", "alert", "action"]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A measurement over time, and what it has to be seen beside.

    ``usual`` is the baseline, ``low`` to ``high`` where nine tenths of its readings lay. From ``threshold`` on it is
    bad, and ``worse`` says on which side.
    """

    title: str
    lines: tuple[Line, ...]
    unit: str = ""
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    worse: Literal["below", "above"] | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def points(self) -> Points:
        """All points, in the order of time."""
        return tuple(sorted(point for line in self.lines for point in line.points))

    @property
    def label(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title
