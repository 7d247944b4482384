"""Holds a runbook against every rule, and leaves out what its author silenced with a reason."""

from __future__ import annotations

from datetime import date

from bot.runbooks.lint.rule import Finding
from bot.runbooks.lint.rules import RULES
from bot.runbooks.lint.silence import mistakes, silences
from bot.runbooks.short import ShortRunbook


def lint(runbook: ShortRunbook, *, today: date) -> list[Finding]:
    """What ``runbook`` breaks on the day ``today``, in the file's order."""
    quiet = silences(runbook.text)
    found = [
        Finding(file=runbook.file, line=at[0], column=at[1], level=rule.level, rule=rule.id, message=message)
        for rule in RULES
        for at, message in rule.look(runbook, today)
        if not any(one.covers(rule.id, at[0]) for one in quiet)
    ]
    found += [
        Finding(file=runbook.file, line=one.line, column=one.column, level="error", rule="lint", message=message)
        for one, message in mistakes(quiet, {rule.id for rule in RULES})
    ]
    return sorted(found, key=lambda finding: (finding.line, finding.column, finding.rule))
