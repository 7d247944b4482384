"""Numbers as people say them, in the channel and in every document alike."""

from __future__ import annotations

_UNITS = ((86400, "days"), (3600, "h"), (60, "min"), (1, "s"))
_APPROVALS = {1: "one approval", 2: "two approvals", 3: "three approvals"}


def duration(seconds: float) -> str:
    """``42 s``, ``4 min 20 s``, ``2 h 5 min``, ``2 days``: the two largest units, the second one cut."""
    left = round(seconds)
    said: list[str] = []
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        if said or number:
            said.append(f"{number} {'day' if (number, unit) == (1, 'days') else unit}" if number else "")
    return " ".join(part for part in said[:2] if part) or "0 s"


def approvals(count: int) -> str:
    """``one approval``, ``two approvals``, ``12 approvals``."""
    return _APPROVALS.get(count, f"{count} approvals")
