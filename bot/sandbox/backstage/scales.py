"""From numbers to places on paper: round ticks, and numbers written as short as they can be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Maps ``low`` to ``start`` and ``high`` to ``end``, linearly. ``low < high``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of ``value``, to a tenth."""
        part = (value - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)


def step_for(span: float, about: int) -> float:
    """1, 2 or 5 times a power of ten: the step that makes ``about`` steps of ``span``, or a few more."""
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= raw * 0.999)


def ticks(low: float, high: float, *, about: int = 3) -> tuple[float, ...]:
    """Round numbers from at or below ``low`` to at or above ``high``; around a single number if they are equal."""
    if high - low < 1e-9:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    step = step_for(high - low, about)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def decimals_of(step: float) -> int:
    """How many decimals tell numbers apart that are ``step`` apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def written(value: float, unit: str, *, decimals: int | None = None) -> str:
    """``0.72``, ``12 %``, ``1,580 /s``: three figures that matter, if ``decimals`` does not say otherwise."""
    if decimals is None:
        size = abs(value)
        decimals = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 3
    text = f"{value:,.{decimals}f}"
    return f"{text} {unit}" if unit else text


def spread(places: Sequence[float], *, apart: float, low: float, high: float) -> tuple[float, ...]:
    """The places moved until they are ``apart``, between ``low`` and ``high`` as long as there is room."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved: dict[int, float] = {}
    edge = low
    for index in order:
        moved[index] = max(places[index], edge)
        edge = moved[index] + apart
    edge = high
    for index in reversed(order):
        moved[index] = min(moved[index], edge)
        edge = moved[index] - apart
    return tuple(round(moved[index], 1) for index in range(len(places)))
