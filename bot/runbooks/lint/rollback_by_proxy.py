"""A rollback that is suggested, or made, by what says nothing about a model's quality.

A service that is up, cheap or much used may still be wrong, and one that is dear or idle may be right: uptime, cost,
volume, the number of retrainings and the size of a model are no signs for which a version should be given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.runbooks.expressions import parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.lint.rule import Found
from bot.runbooks.order import is_action, is_measure
from bot.runbooks.schema import Action, Choice, Queries, Query
from bot.runbooks.short import Named, ShortRunbook, ShortStep

_PROXY = re.compile(
    r"up|uptime|availability|cost|costs|spend|budget|price|load|volume|traffic|requests?|throughput|qps|rps|inputs?"
    r"|usage|retrainings?|parameters|complexity"
)
_WORD = re.compile(r"[a-z]+")


def look(runbook: ShortRunbook, _: date) -> Iterator[Found]:
    """Every choice or action whose rule rests on such measurements alone."""
    for index, step in enumerate(runbook.steps):
        for rule in _rules(step, runbook.steps[index + 1 :]):
            measured = _measured(rule, runbook.steps)
            if measured and all(_is_proxy(one) for one in measured):
                yield step.place, _message(step, measured)


def _message(step: ShortStep, measured: Sequence[ShortStep]) -> str:
    names = " and ".join(repr(one.id) for one in measured)
    return (
        f"{step.id!r} rolls back by {names} alone, which tells uptime, cost or volume and not quality; "
        "compare the versions, or ask for a measure of quality too"
    )


def _rules(step: ShortStep, later: Sequence[ShortStep]) -> Iterator[str]:
    """The expressions by which the step leads to an action, or begins it by itself."""
    if is_action(step):
        approval = step.spec.approval if isinstance(step.spec, Action) else None
        yield from (rule for rule in (step.when, approval.auto.when if approval and approval.auto else None) if rule)
    elif isinstance(step.spec, Choice) and step.spec.suggest is not None:
        actions = {other.id for other in later if is_action(other)}
        if any(option.role == "rollback" or option.goto in actions for option in step.spec.options.values()):
            yield step.spec.suggest


def _measured(rule: str, steps: Sequence[ShortStep]) -> list[ShortStep]:
    try:
        named = {path[1] for path in paths(parse_expression(rule)) if path[0] == "steps" and len(path) > 1}
    except TemplateError:
        return []
    return [step for step in steps if step.id in named and is_measure(step)]


def _is_proxy(step: ShortStep) -> bool:
    if isinstance(step.spec, Named):
        return step.spec.kind == "query" and all(_says_proxy(name) for name in step.spec.names)
    if isinstance(step.spec, Queries):
        return all(_says_proxy(query.name or query.title or step.id) for query in step.spec.queries)
    return isinstance(step.spec, Query) and _says_proxy(step.spec.name or step.spec.title or step.id)


def _says_proxy(name: str) -> bool:
    """``cost``, ``request_volume`` and ``uptime``, but not ``error_rate_of_requests``."""
    words = _WORD.findall(name.lower())
    return bool(words) and all(_PROXY.fullmatch(word) for word in words)
