"""Advice beyond the grammar: what a runbook may say, and had better not. One file per rule; ``rules`` lists them."""

from __future__ import annotations

from bot.runbooks.lint.linting import lint
from bot.runbooks.lint.rule import Finding, Level, Rule
from bot.runbooks.lint.rules import RULES

__all__ = ["RULES", "Finding", "Level", "Rule", "lint"]
