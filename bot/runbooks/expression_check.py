"""What is wrong with an expression before it ever runs: unknown names, filters and forms, each with a suggestion.

The check knows the shape of the names at that point of the runbook; ``expressions.py`` refuses the same again at run
time, so a mistake in one of the two opens nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

from bot.runbooks.expressions import ARITHMETIC, MAX_NESTING, parse_expression, path_of, registry_call
from bot.runbooks.filters import ARGUMENTS, FILTERS, MAX_NUMBER, TemplateError
from bot.yaml.reader import suggestion

#: Which names exist: a mapping of the keys below a name, or None where anything may follow (labels).
Shape = Mapping[str, "Shape | None"]

_NOT_ALLOWED: Mapping[type[nodes.Node], str] = {
    nodes.Pow: "powers (**)",
    nodes.Call: "calls",
    nodes.Slice: "slices",
    nodes.Test: "'is' tests (compare with == none instead)",
    nodes.Dict: "mappings in braces",
}


def check_expression(text: str, names: Shape | None) -> list[str]:
    """What is wrong with a bare expression, given the names known at that point; empty if nothing is."""
    try:
        return list(dict.fromkeys(check(parse_expression(text), names)))
    except TemplateError as error:
        return [str(error)]


def check(node: nodes.Node, names: Shape | None, depth: int = 0) -> Iterator[str]:
    """What is wrong with this tree, one message each."""
    if depth > MAX_NESTING:
        yield "nested too deeply"
        return
    path = path_of(node)
    if path is not None:
        yield from _check_path(path, names)
        return
    if registry_call(node) is None:
        yield from _check_node(node)
        below = node.iter_child_nodes()
        children: Iterator[nodes.Node] = (child for child in below if not isinstance(child, nodes.Keyword))
    else:
        yield from () if names is None or "registry" in names else ("unknown name 'registry'",)
        children = iter(node.args) if isinstance(node, nodes.Call) else iter(())
    for child in children:
        yield from check(child, names, depth + 1)


def _check_node(node: nodes.Node) -> Iterator[str]:
    if type(node) in ARITHMETIC and isinstance(node, nodes.BinExpr):
        if any(isinstance(side, nodes.Const) and isinstance(side.value, str) for side in (node.left, node.right)):
            yield "arithmetic works on numbers only; join texts with ~"
        return
    allowed = (nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.CondExpr)
    if isinstance(node, nodes.Const):
        yield from _check_constant(node.value)
    elif isinstance(node, nodes.Filter):
        yield from _check_filter(node)
    elif not isinstance(
        node, (*allowed, nodes.Add, nodes.Concat, nodes.List, nodes.Tuple, nodes.Getitem, nodes.Getattr)
    ):
        word = _NOT_ALLOWED.get(type(node), f"{type(node).__name__.lower()!r}")
        yield f"{word} cannot be used here (only values, filters and comparisons)"


def _check_constant(value: Any) -> Iterator[str]:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield "a text with half a character in it"
    elif isinstance(value, float) and not math.isfinite(value):
        yield "a number that is not finite"
    elif isinstance(value, int) and abs(value) > MAX_NUMBER:
        yield "too large a number"


def _check_filter(node: nodes.Filter) -> Iterator[str]:
    if node.name not in FILTERS:
        yield f"unknown filter {node.name!r}{suggestion(node.name, FILTERS)}"
        return
    fewest, most = ARGUMENTS.get(node.name, (0, 0))
    if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
        yield f"filter {node.name!r} takes its arguments by position"
    elif not fewest <= len(node.args) <= most:
        yield f"filter {node.name!r} takes {fewest if fewest == most else f'{fewest} to {most}'} arguments"


def _check_path(path: list[str], names: Shape | None) -> Iterator[str]:
    shape: Shape | None = names
    for index, key in enumerate(path):
        if shape is None:
            return
        if key not in shape:
            if index == 1 and path[0] == "steps":
                yield f"step {key!r} is not defined before this point"
            elif index == 0:
                yield f"unknown name {key!r}{suggestion(key, shape)}"
            elif not shape:
                yield f"{'.'.join(path[:index])!r} has nothing below it"
            else:
                yield f"unknown name {'.'.join(path[: index + 1])!r}{suggestion(key, shape)}"
            return
        shape = shape[key]
