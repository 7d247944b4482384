"""A trend as people read it: ``falls 0.8 points an hour (0.3 to 1.2), effective n 14``. Pure.

``ok``, ``warn`` and ``bad`` of a query may name ``slope`` (an hour) and its interval, ``slope_low`` and
``slope_high``: ``bad: slope_high < 0`` is "it falls, and that is no accident".
"""

from __future__ import annotations

from math import isfinite

from bot.runbooks.expressions import parse_expression, paths
from bot.runbooks.schema import Query, Seconds, Value

SLOPES = frozenset({"slope", "slope_low", "slope_high"})
#: How far back a query looks for its trend if it does not say.
USUAL_RANGE: Seconds = 6 * 3600.0


class Slope(Value, frozen=True):
    """The change in an hour with its interval; ``n`` points are worth ``effective_n`` independent ones."""

    per_hour: float
    low: float
    high: float
    n: int
    effective_n: float

    @property
    def told(self) -> bool:
        """Whether there were enough points for an interval."""
        return isfinite(self.low) and isfinite(self.high)


def uses_slope(query: Query) -> bool:
    """Whether the query is judged by its trend."""
    conditions = [text for text in (query.ok, query.warn, query.bad) if text]
    return any(path[0] in SLOPES for text in conditions for path in paths(parse_expression(text)))


def course_range(query: Query) -> Seconds | None:
    """How far back the course is read; None: not at all."""
    return query.range if query.range is not None else USUAL_RANGE if uses_slope(query) else None


def trend_words(slope: Slope, *, unit: str, rate: bool) -> str:
    """One sentence; ``rate``: the values are shares, told in points."""
    if not slope.told:
        return f"too few readings for a trend ({slope.n})"
    factor, what = (100.0, " points") if rate else (1.0, f" {unit}" if unit and not unit.startswith("/") else unit)
    low, high = slope.low * factor, slope.high * factor
    worth = f"effective n {slope.effective_n:.0f}"
    if low <= 0 <= high:
        return f"no trend can be told ({low:+.2g} to {high:+.2g}{what} an hour, {worth})"
    verb = "rises" if low > 0 else "falls"
    smaller, larger = sorted((abs(low), abs(high)))
    return f"{verb} {abs(slope.per_hour) * factor:.2g}{what} an hour ({smaller:.2g} to {larger:.2g}), {worth}"
