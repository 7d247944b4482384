"""The table of rules. A new one is a file and a line here."""

from __future__ import annotations

from bot.runbooks.lint import (
    action_without_evidence,
    action_without_watch,
    review_overdue,
    rollback_by_proxy,
    unreachable_step,
)
from bot.runbooks.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="unreachable-step",
        level="error",
        sentence="Whatever is chosen, the step is passed over: all options lead past it, or its `when` never holds.",
        look=unreachable_step.look,
    ),
    Rule(
        id="action-without-evidence",
        level="warning",
        sentence="An action has neither a `compare` nor a `choice` before it: nothing says that it will help.",
        look=action_without_evidence.look,
    ),
    Rule(
        id="action-without-watch",
        level="warning",
        sentence="No `watch` follows an action: nobody would see that it did not hold.",
        look=action_without_watch.look,
    ),
    Rule(
        id="rollback-by-proxy",
        level="warning",
        sentence="A rollback is suggested or made by uptime, cost or volume alone, which tell nothing of quality.",
        look=rollback_by_proxy.look,
    ),
    Rule(
        id="review-overdue",
        level="warning",
        sentence="`reviewed` and `review_every` say that somebody should have read it again by now.",
        look=review_overdue.look,
    ),
)
