"""A runbook that somebody should have read again by now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.runbooks.lint.rule import Found
from bot.runbooks.short import ShortRunbook
from bot.yaml.reader import spoken


def look(runbook: ShortRunbook, today: date) -> Iterator[Found]:
    """One finding if ``reviewed`` plus ``review_every`` lies before ``today``."""
    head = runbook.head
    if head.reviewed is None:
        return
    at = _place(runbook.text)
    try:
        due = date.fromisoformat(head.reviewed) + timedelta(seconds=head.review_every)
    except (ValueError, OverflowError):
        yield at, f"'reviewed: {head.reviewed}' is not a date; write it as 2026-11-21"
        return
    if due < today:
        yield (
            at,
            (
                f"it was reviewed on {head.reviewed} and is to be every {spoken(head.review_every)}: "
                f"overdue since {due.isoformat()}"
            ),
        )


def _place(text: str) -> tuple[int, int]:
    """Where ``reviewed`` stands."""
    lines = text.splitlines()
    return next(((number, 1) for number, line in enumerate(lines, 1) if line.startswith("reviewed")), (1, 1))
