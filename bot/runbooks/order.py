"""The rules between the steps of one runbook: forward jumps, what a watch looks at, what may suggest a rollback."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.runbooks.expressions import evaluate, parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import UNDECIDED, Action, Choice, Compare, Queries, Query, Update
from bot.runbooks.short import Named, ShortStep, ShortWatch
from bot.yaml.reader import suggestion
from bot.yaml.source import Node, Place, Problems, find

#: A message and the word of the step that it is about (the place is where that word stands).
Found = tuple[str, str]


def check_order(steps: Sequence[ShortStep], nodes: Mapping[str, Node], problems: Problems) -> None:
    """Note every problem between steps. ``nodes`` are the steps as they stand in the file, by id."""
    for index, step in enumerate(steps):
        earlier, later = steps[:index], steps[index + 1 :]
        for word, message in itertools.chain(
            _jumps(step, steps, later), _choice(step, earlier, later), _watch(step, earlier), _update(step, steps)
        ):
            problems.add(find(nodes[step.id], word) or Place(*step.place), message)


def is_action(step: ShortStep) -> bool:
    """Whether this step changes the world."""
    return isinstance(step.spec, Action) or (isinstance(step.spec, Named) and step.spec.kind == "action")


def is_measure(step: ShortStep) -> bool:
    """Whether this step ends in a verdict."""
    named = isinstance(step.spec, Named) and step.spec.kind in ("query", "compare")
    return named or isinstance(step.spec, Query | Queries | Compare)


def _compares(step: ShortStep) -> bool:
    return isinstance(step.spec, Compare) or (isinstance(step.spec, Named) and step.spec.kind == "compare")


def _jumps(step: ShortStep, steps: Sequence[ShortStep], later: Sequence[ShortStep]) -> Iterator[Found]:
    targets = [step.on_error] if step.on_error.startswith("goto:") else []
    if isinstance(step.spec, Choice):
        targets += [option.goto for option in step.spec.options.values() if option.goto is not None]
    for word in targets:
        target = word.removeprefix("goto:")
        if target in {other.id for other in later}:
            continue
        if target in {other.id for other in steps}:
            yield word, f"goto: {target!r} comes before {step.id!r}; a jump goes forward"
        else:
            yield word, f"goto: there is no step {target!r}{suggestion(target, [other.id for other in steps])}"


def _choice(step: ShortStep, earlier: Sequence[ShortStep], later: Sequence[ShortStep]) -> Iterator[Found]:
    if isinstance(step.spec, Named) and step.spec.kind == "choice":
        position = next((number for number, other in enumerate(later) if is_action(other)), None)
        if position is None:
            yield "rollback", f"choice {step.id!r}: 'rollback' needs an action step after it"
        elif position + 1 == len(later):
            yield "rollback", f"choice {step.id!r}: 'rollback' needs a step after the action, for 'not the model'"
        return
    if not isinstance(step.spec, Choice):
        return
    actions = {other.id for other in later if is_action(other)}
    for name, option in step.spec.options.items():
        if option.role in ("rollback", "action") and option.goto is not None and option.goto not in actions:
            does = "rolls back" if option.role == "rollback" else "asks for an action"
            message = f"choice {step.id!r}: option {name!r} {does}, but {option.goto!r} is not an action step"
            yield option.goto, message
    if step.spec.suggest is not None:
        yield from _suggests_blindly(step.id, step.spec, [other.id for other in earlier if is_measure(other)])


def _suggests_blindly(step_id: str, choice: Choice, measures: Sequence[str]) -> Iterator[Found]:
    """A measurement without a result must not lead to an option: try every way of not knowing."""
    suggest = choice.suggest or ""
    try:
        used = {path[1] for path in paths(parse_expression(suggest)) if path[0] == "steps" and len(path) > 1}
    except TemplateError:
        return
    asked = sorted(used & set(measures))[:4]
    for verdicts in itertools.product(sorted(UNDECIDED), repeat=len(asked)) if asked else ():
        measured = {name: {"verdict": verdict} for name, verdict in zip(asked, verdicts, strict=True)}
        option = _outcome(suggest, {**{name: {"verdict": "ok"} for name in used}, **measured})
        if option in choice.options:
            message = f"choice {step_id!r}: suggests {option!r} when {asked[0]!r} ends in {verdicts[0]}; "
            yield suggest, message + "a measurement without a result suggests nothing"
            return


class _Anything(dict[str, Any]):
    """A mapping where every key is there and unknown."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Any:
        return None


def _outcome(suggest: str, results: Mapping[str, Mapping[str, Any]]) -> Any:
    names = _Anything(
        running="42", target="41", incident=_Anything(), labels=_Anything(), service=_Anything(),
        steps={name: _Anything(result) for name, result in results.items()},
    )  # fmt: skip
    try:
        return evaluate(suggest, names)
    except TemplateError:
        return None


def _watch(step: ShortStep, earlier: Sequence[ShortStep]) -> Iterator[Found]:
    if not isinstance(step.spec, ShortWatch):
        return
    by_id = {other.id: other for other in earlier}
    for check in step.spec.checks:
        if not isinstance(check, str) or check not in by_id:
            continue
        if not is_measure(by_id[check]):
            yield check, f"watch {step.id!r}: {check!r} is not an earlier query step"
        elif _compares(by_id[check]):
            yield check, f"watch {step.id!r}: {check!r} compares versions; a watch looks at queries and metrics"
    if step.spec.starts is not None and step.spec.starts not in by_id:
        starts = step.spec.starts
        yield starts, f"watch {step.id!r}: there is no earlier step {starts!r}{suggestion(starts, by_id)}"
    elif step.spec.starts is None and not any(is_action(other) for other in earlier):
        yield "", f"watch {step.id!r} needs 'starts', the step after which it looks: no action comes before it"


def _update(step: ShortStep, steps: Sequence[ShortStep]) -> Iterator[Found]:
    if isinstance(step.spec, Named) and step.spec.kind == "update" and not any(is_action(other) for other in steps):
        yield "", f"update {step.id!r} needs its text and 'after' written out: this runbook has no action"
    if isinstance(step.spec, Update) and step.spec.after is not None:
        ids = [other.id for other in steps if other is not step]
        if step.spec.after not in ids:
            yield step.spec.after, f"after: there is no step {step.spec.after!r}{suggestion(step.spec.after, ids)}"
