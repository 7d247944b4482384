"""Durations as people write them: a number and ``s``, ``m``, ``h`` or ``d``."""

from __future__ import annotations

import re

PATTERN = r"([0-9]+(?:\.[0-9]+)?)\s*([smhd])"
_DURATION = re.compile(PATTERN)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str) -> float | None:
    """``90s``, ``5m``, ``1.5h`` or ``2d`` in seconds, or None if it is not a duration."""
    match = _DURATION.fullmatch(text.strip())
    return float(match[1]) * _UNITS[match[2]] if match else None


def spoken(duration: float) -> str:
    """Seconds as the shortest duration that means the same: 1800 is ``30m``."""
    for unit in ("d", "h", "m"):
        if duration >= _UNITS[unit] and duration % _UNITS[unit] == 0:
            return f"{duration / _UNITS[unit]:g}{unit}"
    return f"{duration:g}s"
