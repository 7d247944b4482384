"""The names of what is shown anew where an incident goes on after it had to leave its place."""

from __future__ import annotations


def in_generation(key: str, moves: int) -> str:
    """``first`` where the incident never moved, ``first@2`` after it did once."""
    return f"{key}@{moves + 1}" if moves else key
