"""Which names a measurement uses: it cannot be made before they are known."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import nodes

from bot.runbooks.expressions import parse_expression, paths
from bot.runbooks.schema import Compare, Queries, Query, Spec
from bot.runbooks.templates import expressions_in

#: What the versions are called in templates and expressions.
VERSIONS = frozenset({"running", "target"})
#: Whom they ask for a version by an alias.
REGISTRY = "registry"


def versions_asked(spec: Query | Compare) -> frozenset[str]:
    """Of the versions, those inside the ``{{ }}`` of what its source is asked."""
    return VERSIONS & _asked(spec)


def versions_named(spec: Spec) -> frozenset[str]:
    """Of the versions, those that the measurement names anywhere: in what is asked and in how it is judged.

    A label, a metric or a text of that name is none.
    """
    return VERSIONS & names_in(spec)


def names_in(spec: Spec) -> frozenset[str]:
    """Every first name (``running``, ``labels``, an input) that a measurement uses; none for other kinds."""
    if isinstance(spec, Queries):
        return frozenset[str]().union(*(names_in(query) for query in spec.queries))
    if isinstance(spec, Compare):
        return _asked(spec)
    if not isinstance(spec, Query):
        return frozenset()
    judged_by = [text for text in (spec.value, spec.ok, spec.warn, spec.bad) if text]
    return _asked(spec) | _names(parse_expression(text) for text in judged_by)


def _asked(spec: Query | Compare) -> frozenset[str]:
    if isinstance(spec, Compare):
        texts: tuple[str | None, ...] = (spec.a, spec.b, spec.get)
    else:
        texts = (spec.promql, spec.graphite, spec.get, spec.denominator)
    return _names(tree for text in texts if text for tree in expressions_in(text))


def _names(trees: Iterable[nodes.Expr]) -> frozenset[str]:
    return frozenset(path[0] for tree in trees for path in paths(tree))
