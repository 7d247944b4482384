"""A step that no choice of options ever leads to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.runbooks.catalogue import expand
from bot.runbooks.expressions import evaluate, parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.lint.rule import Found
from bot.runbooks.schema import Choice, Step
from bot.runbooks.short import ShortRunbook

#: With more ways through a runbook than this, nothing is claimed.
_MOST_WAYS = 4096


def look(runbook: ShortRunbook, _: date) -> Iterator[Found]:
    """Every step that is passed over on every way through the runbook."""
    steps = expand(runbook, None).steps
    choices = [(index, step) for index, step in enumerate(steps) if isinstance(step.spec, Choice)]
    ways = [_ways(step) for _, step in choices]
    if _product(ways) > _MOST_WAYS:
        return
    reached: set[str] = set()
    for way in itertools.product(*ways):
        reached |= _reached(steps, {step.id: option for (_, step), option in zip(choices, way, strict=True)})
    places = {step.id: step.place for step in runbook.steps}
    for step in steps:
        if step.id not in reached:
            yield places[step.id], f"step {step.id!r} is never reached: {_why(step)}"


def _ways(step: Step) -> list[str | None]:
    """The options of a choice after which the walk goes on; None: it was skipped, or no answer is known."""
    options = step.spec.options if isinstance(step.spec, Choice) else {}
    going_on: list[str | None] = [
        name for name, option in options.items() if option.role not in ("help", "false_alarm")
    ]
    return going_on or [None]


def _product(ways: Sequence[Sequence[object]]) -> int:
    total = 1
    for each in ways:
        total *= len(each)
    return total


def _reached(steps: Sequence[Step], chosen: Mapping[str, str | None]) -> set[str]:
    """The steps that are walked, or may be, if these options are chosen where they are asked."""
    order = [step.id for step in steps]
    known: dict[str, str | None] = {}
    passed: set[str] = set()
    reached: set[str] = set()
    for index, step in enumerate(steps):
        if step.id in passed or not _may_hold(step.when, known):
            continue
        reached.add(step.id)
        option = step.spec.options.get(chosen.get(step.id) or "") if isinstance(step.spec, Choice) else None
        if option is not None:
            known[step.id] = chosen[step.id]
            if option.goto in order:
                passed |= set(order[index + 1 : order.index(option.goto)])
    return reached


def _may_hold(when: str | None, chosen: Mapping[str, str | None]) -> bool:
    """Whether the condition can hold: what only the run of an incident can know counts as possible."""
    if when is None:
        return True
    try:
        named = list(paths(parse_expression(when)))
        if not all(path[:1] == ["steps"] and path[2:] == ["choice"] and path[1] in chosen for path in named):
            return True
        names: dict[str, Any] = {"steps": {step: {"choice": option} for step, option in chosen.items()}}
        return bool(evaluate(when, names))
    except TemplateError:
        return True


def _why(step: Step) -> str:
    return (
        f"'when: {step.when}' never holds there" if step.when else "every option of an earlier choice leads past it"
    )
