"""What options of several commands mean."""

from __future__ import annotations

from datetime import timedelta

import typer

LONGEST = timedelta(days=3650)


def duration(text: str) -> timedelta:
    """``90s``, ``30m``, ``1h``, ``7d``. Raises ``BadParameter`` for what is none, or too long."""
    from bot.yaml.reader import seconds

    found = seconds(text)
    if found is None:
        raise typer.BadParameter(f"“{text}” is not a duration; write a number and s, m, h or d, as in 30m")
    if found > LONGEST.total_seconds():
        raise typer.BadParameter(f"“{text}” is too far back; {LONGEST.days}d is the longest")
    return timedelta(seconds=found)
