"""An action that nothing led up to: no comparison, and no person who decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.runbooks.lint.rule import Found
from bot.runbooks.order import is_action
from bot.runbooks.schema import Choice, Compare
from bot.runbooks.short import Named, ShortRunbook, ShortStep


def look(runbook: ShortRunbook, _: date) -> Iterator[Found]:
    """Every action without a ``compare`` or a ``choice`` before it."""
    for index, step in enumerate(runbook.steps):
        if is_action(step) and not any(_leads_up(earlier) for earlier in runbook.steps[:index]):
            message = (
                f"action {step.id!r} has neither a comparison nor a choice before it; compare the versions first"
            )
            yield step.place, message


def _leads_up(step: ShortStep) -> bool:
    named = isinstance(step.spec, Named) and step.spec.kind in ("compare", "choice")
    return named or isinstance(step.spec, Compare | Choice)
