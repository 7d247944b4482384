"""An action whose outcome nobody watches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.runbooks.lint.rule import Found
from bot.runbooks.order import is_action
from bot.runbooks.short import ShortRunbook, ShortWatch


def look(runbook: ShortRunbook, _: date) -> Iterator[Found]:
    """Every action after which no ``watch`` begins."""
    watched: set[str] = set()
    last: str | None = None
    for step in runbook.steps:
        if is_action(step):
            last = step.id
        elif isinstance(step.spec, ShortWatch) and (starts := step.spec.starts or last) is not None:
            watched.add(starts)
    for step in runbook.steps:
        if is_action(step) and step.id not in watched:
            message = f"no watch follows action {step.id!r}; add one under 'verify', with 'starts: {step.id}'"
            yield step.place, message
