"""Which runbook fits an alert: the most specific matcher wins, a tie asks a person, ``generic`` fits what is left.

Patterns use Alertmanager's words: a value, ``~regex`` (of the whole value), ``!value`` and ``!~regex``. Within a key
one positive pattern must fit and no negative one may; keys are joined by AND. A label that is absent is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.runbooks.loading import Library
from bot.runbooks.schema import FAILURE_MODES, Matcher, Value
from bot.runbooks.short import ShortRunbook

FALLBACK = "generic"
#: A longer value of a label is cut before a pattern sees it, so that no alert can keep a regex busy.
_MAX_VALUE = 500


class Match(Value, frozen=True):
    """The runbook that fits, or None with the ids between which a person has to choose."""

    runbook: ShortRunbook | None
    ties: tuple[str, ...] = ()


class FailureModeRule(Value, frozen=True):
    """Alerts whose labels fit ``match`` are of this failure mode."""

    match: dict[str, tuple[str, ...]]
    failure_mode: str


def choose(library: Library, labels: Mapping[str, str], failure_mode: str, severity: str | None) -> Match:
    """The runbook for an alert with these labels; only the newest version of each runbook is asked."""
    best = (0, 0)
    found: list[ShortRunbook] = []
    for runbook_id in dict.fromkeys(runbook.id for runbook in library.runbooks):
        runbook = library.get(runbook_id)
        if runbook is None:
            continue
        fits = [_score(matcher, labels, failure_mode, severity) for matcher in runbook.head.match]
        score = max((fit for fit in fits if fit is not None), default=None)
        if score is None or score < best:
            continue
        found = [runbook] if score > best else [*found, runbook]
        best = score
    if len(found) > 1:
        return Match(runbook=None, ties=tuple(sorted(runbook.id for runbook in found)))
    return Match(runbook=found[0] if found else library.get(FALLBACK))


def failure_mode_of(labels: Mapping[str, str], rules: Sequence[FailureModeRule]) -> str:
    """The label ``failure_mode`` if it is a known one, else the first rule that fits, else ``generic``."""
    said = labels.get("failure_mode", "")
    if said in FAILURE_MODES:
        return said
    for rule in rules:
        if all(fits(patterns, labels.get(key, "")) for key, patterns in rule.match.items()):
            return rule.failure_mode
    return FALLBACK


def fits(patterns: Sequence[str], value: str) -> bool:
    """Whether a label's value fits the patterns of its key."""
    return _fits(tuple(patterns), value[:_MAX_VALUE])


@lru_cache(maxsize=4096)
def _fits(patterns: tuple[str, ...], text: str) -> bool:
    """Kept, as alerts of a storm say the same again and again."""
    positive = [pattern for pattern in patterns if not pattern.startswith("!")]
    negative = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    if any(_one_fits(pattern, text) for pattern in negative):
        return False
    return not positive or any(_one_fits(pattern, text) for pattern in positive)


def _score(
    matcher: Matcher, labels: Mapping[str, str], failure_mode: str, severity: str | None
) -> tuple[int, int] | None:
    """How specific a fitting matcher is, or None; priority counts before specificity."""
    keys = [(patterns, labels.get(key, "")) for key, patterns in matcher.labels.items()]
    keys += [
        (matcher.failure_mode, failure_mode),
        (matcher.metric, labels.get("metric", "")),
        (tuple(pattern.upper() if "~" not in pattern else pattern for pattern in matcher.severity), severity or ""),
    ]
    asked = [(patterns, value) for patterns, value in keys if patterns]
    if not all(fits(patterns, value) for patterns, value in asked):
        return None
    return matcher.priority, sum(_weight(patterns) for patterns, _ in asked)


def _weight(patterns: Sequence[str]) -> int:
    if all(pattern.startswith("!") for pattern in patterns):
        return 1
    return 2 if any(pattern.startswith("~") for pattern in patterns) else 4


def _one_fits(pattern: str, value: str) -> bool:
    return _compiled(pattern[1:]).fullmatch(value) is not None if pattern.startswith("~") else pattern == value


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
