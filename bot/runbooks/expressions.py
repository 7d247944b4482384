"""The little language inside ``{{ }}`` and ``when``: Jinja's syntax, worked out by our own walk over its tree.

Jinja's sandbox alone lets a template build a text of 200 MB or loop for hours, so only the parser is Jinja's. What
the walk below does not name cannot happen: values, comparisons, and/or/not, arithmetic without powers, ``x if y else
z``, and the filters of ``filters.py``. Mappings look up keys and nothing else, so no attribute of a Python object can
be reached, and a label may be called ``items``. ``expression_check.py`` finds at
load time what ``evaluate`` would refuse later.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from bot.runbooks.filters import FILTERS, MAX_TEXT, TemplateError, bounded, describe, number, plain_text

MAX_TEMPLATE = 2048
MAX_NESTING = 40

PARSER = Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - it only parses; contexts escape
ARITHMETIC: dict[type[nodes.BinExpr], Callable[[Any, Any], Any]] = {
    nodes.Sub: operator.sub,
    nodes.Mul: operator.mul,
    nodes.Div: operator.truediv,
    nodes.FloorDiv: operator.floordiv,
    nodes.Mod: operator.mod,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda item, container: item in container,
    "notin": lambda item, container: item not in container,
}


class Missing:
    """A name that has no value here: false where truth is asked (``if target``), accepted by ``default``."""

    def __init__(self, path: str) -> None:
        self.path = path


def parse_expression(text: str) -> nodes.Expr:
    """The tree of a bare expression; raises TemplateError with the reason."""
    return _parse(text)


@lru_cache(maxsize=1024)
def _parse(text: str) -> nodes.Expr:
    if len(text.encode("utf-8", "replace")) > MAX_TEMPLATE:
        raise TemplateError(f"longer than {MAX_TEMPLATE} bytes")
    try:
        parser = Parser(PARSER, text, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateError(f"{parser.stream.current.value!r} is not expected here")
    except TemplateSyntaxError as error:
        raise TemplateError(str(error.message)) from None
    except RecursionError:
        raise TemplateError("nested too deeply") from None
    return tree


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of a bare expression: None, bool, number, text, list or mapping. Raises TemplateError.

    ``x if y`` without an ``else`` is the empty text where ``y`` does not hold.
    """
    return value_of(parse_expression(text), names)


def path_of(node: nodes.Node) -> list[str] | None:
    """``steps.live.value`` and ``steps["live"].value`` as keys, or None for any other expression."""
    if isinstance(node, nodes.Name):
        return [node.name]
    key = None
    if isinstance(node, nodes.Getattr):
        key = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        key = node.arg.value
    if key is None or not isinstance(node, nodes.Getattr | nodes.Getitem):
        return None
    base = path_of(node.node) if _chain_is_short(node) else None
    return None if base is None else [*base, key]


def paths(node: nodes.Node) -> Iterator[list[str]]:
    """Every dotted name of a checked expression, the longest form of each."""
    found = path_of(node)
    if found is not None:
        yield found
        return
    for child in node.iter_child_nodes():
        yield from paths(child)


def _chain_is_short(node: nodes.Node) -> bool:
    for _ in range(MAX_NESTING):
        if not isinstance(node, nodes.Getattr | nodes.Getitem):
            return True
        node = node.node
    return False


def registry_call(node: nodes.Node) -> tuple[nodes.Expr, nodes.Expr] | None:
    """The two arguments of ``registry.version(model, alias)``, or None for anything else."""
    if not isinstance(node, nodes.Call) or path_of(node.node) != ["registry", "version"]:
        return None
    if len(node.args) != 2 or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
        return None
    return node.args[0], node.args[1]


def value_of(node: nodes.Node, names: Mapping[str, Any], depth: int = 0) -> Any:
    """The value of a tree. Raises TemplateError for a missing name, a wrong type, or what is not allowed."""
    found = _walk(node, names, depth)
    if isinstance(found, Missing):
        raise TemplateError(f"{found.path!r} has no value here")
    return bounded(found)


def _walk(node: nodes.Node, names: Mapping[str, Any], depth: int) -> Any:
    if depth > MAX_NESTING:
        raise TemplateError("nested too deeply")
    deeper = depth + 1
    if isinstance(node, nodes.Const):
        return node.value
    if isinstance(node, nodes.Name):
        return names[node.name] if node.name in names else Missing(node.name)
    if isinstance(node, nodes.Getattr):
        return _below(_walk(node.node, names, deeper), node.attr)
    if isinstance(node, nodes.Getitem):
        return _below(_walk(node.node, names, deeper), value_of(node.arg, names, deeper))
    if isinstance(node, nodes.List | nodes.Tuple):
        return [value_of(item, names, deeper) for item in node.items]
    if isinstance(node, nodes.Filter):
        return _filtered(node, names, deeper)
    if isinstance(node, nodes.Call):
        return _version(node, names, deeper)
    try:
        return _operation(node, names, deeper)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise TemplateError(f"cannot be worked out: {error}") from None


def _operation(node: nodes.Node, names: Mapping[str, Any], depth: int) -> Any:
    if isinstance(node, nodes.CondExpr):
        chosen = node.expr1 if _if_known(node.test, names, depth) else node.expr2
        return "" if chosen is None else value_of(chosen, names, depth)
    if isinstance(node, nodes.And):
        return _if_known(node.left, names, depth) and _if_known(node.right, names, depth)
    if isinstance(node, nodes.Or):
        return _if_known(node.left, names, depth) or _if_known(node.right, names, depth)
    if isinstance(node, nodes.Not):
        return not _if_known(node.node, names, depth)
    if isinstance(node, nodes.Neg | nodes.Pos):
        operand = number(value_of(node.node, names, depth))
        return -operand if isinstance(node, nodes.Neg) else operand
    if isinstance(node, nodes.Compare):
        return _compared(node, names, depth)
    if isinstance(node, nodes.Concat):
        return _joined([plain_text(value_of(part, names, depth)) for part in node.nodes])
    if isinstance(node, nodes.Add):
        left, right = value_of(node.left, names, depth), value_of(node.right, names, depth)
        both = isinstance(left, str) and isinstance(right, str)
        return _joined([left, right]) if both else number(left) + number(right)
    if type(node) in ARITHMETIC and isinstance(node, nodes.BinExpr):
        left, right = value_of(node.left, names, depth), value_of(node.right, names, depth)
        return ARITHMETIC[type(node)](number(left), number(right))
    raise TemplateError(f"{type(node).__name__.lower()!r} cannot be used here")


def _if_known(node: nodes.Node, names: Mapping[str, Any], depth: int) -> Any:
    """The value where only its truth matters: a name without a value counts as None there."""
    found = _walk(node, names, depth)
    return None if isinstance(found, Missing) else bounded(found)


def _joined(parts: list[str]) -> str:
    if sum(map(len, parts)) > MAX_TEXT:
        raise TemplateError(f"the result is longer than {MAX_TEXT} characters")
    return "".join(parts)


def _compared(node: nodes.Compare, names: Mapping[str, Any], depth: int) -> bool:
    left = value_of(node.expr, names, depth)
    for operand in node.ops:
        right = value_of(operand.expr, names, depth)
        if operand.op not in ("eq", "ne", "in", "notin") and None in (left, right):
            raise TemplateError("a value that is not known cannot be compared")
        if not _COMPARISONS[operand.op](left, right):
            return False
        left = right
    return True


def _below(value: Any, key: Any) -> Any:
    if isinstance(value, Missing):
        return Missing(f"{value.path}.{key}"[:200])
    if isinstance(value, Mapping) and isinstance(key, str):
        return value[key] if key in value else Missing(key)
    if isinstance(value, list | tuple) and isinstance(key, int) and not isinstance(key, bool):
        return value[key] if -len(value) <= key < len(value) else Missing(str(key))
    raise TemplateError(f"{key!r} cannot be looked up in {describe(value)}")


def _filtered(node: nodes.Filter, names: Mapping[str, Any], depth: int) -> Any:
    if node.name not in FILTERS or node.node is None:
        raise TemplateError(f"unknown filter {node.name!r}")
    if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
        raise TemplateError(f"filter {node.name!r} takes its arguments by position")
    value = _walk(node.node, names, depth)
    arguments = [value_of(argument, names, depth) for argument in node.args]
    if node.name == "default":
        value = None if isinstance(value, Missing) else value
    elif isinstance(value, Missing):
        raise TemplateError(f"{value.path!r} has no value here")
    try:
        return bounded(FILTERS[node.name](value, *arguments))
    except (ArithmeticError, TypeError, ValueError) as error:
        raise TemplateError(f"filter {node.name!r}: {error}") from None


def _version(node: nodes.Call, names: Mapping[str, Any], depth: int) -> Any:
    arguments = registry_call(node)
    registry = names.get("registry")
    lookup = registry.get("version") if isinstance(registry, Mapping) else None
    if arguments is None or not callable(lookup):
        raise TemplateError("calls cannot be used here")
    return lookup(*(plain_text(value_of(argument, names, depth)) for argument in arguments))
