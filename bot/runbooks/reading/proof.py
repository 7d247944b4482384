"""``done_when``: what proves that an action has changed the world."""

from __future__ import annotations

from bot.runbooks.expression_check import Shape
from bot.runbooks.names import with_body, with_reading
from bot.runbooks.reading import texts
from bot.runbooks.schema import DoneWhen, Query
from bot.yaml.reader import Section


def read_done_when(section: Section, names: Shape, serving: Query | None, *, required: bool) -> DoneWhen:
    """The target's share of the traffic, read as the service's is unless it says how; or ``ok`` over a value."""
    inner = section.section("done_when", "'done_when'")
    if inner is None:
        if required:
            section.problems.add(section.place, f"{section.name} needs 'done_when'")
        elif serving is None:
            section.problems.add(
                section.place,
                f"{section.name} needs 'done_when', or the service 'serving', or nobody can tell that it worked",
            )
        return DoneWhen(source=serving.source, promql=serving.promql) if serving else DoneWhen()
    found = _condition(inner, names) if "ok" in inner else _share(inner, names, serving)
    inner.close()
    return found


def _share(inner: Section, names: Shape, serving: Query | None) -> DoneWhen:
    own = texts.promql(inner, "promql", names)
    share = inner.number("share")
    if share is not None and not 0 < share <= 1:
        inner.problem("share", "'share' is a share of the traffic between 0 and 1, as in 0.99")
        share = None
    found = DoneWhen(
        share=0.99 if share is None else share,
        times=inner.integer("times", 2, minimum=1),
        every=inner.duration("every", 5.0),
        lag=inner.duration("lag", 60.0),
        source=inner.text("source", serving.source if serving and own is None else "", required=own is not None),
        promql=own or (serving.promql if serving else None),
        label=inner.text("label", "version"),
    )
    if found.promql is None:
        inner.problems.add(
            inner.place, "'done_when' needs 'promql', the traffic of each version; or 'ok' over a value"
        )
    return found


def _condition(inner: Section, names: Shape) -> DoneWhen:
    """A look of its own: a value by ``promql`` or ``get``, and the expression that has to hold over it."""
    promql, get = texts.promql(inner, "promql", names), texts.path(inner, "get", names)
    if (promql is None) == (get is None):
        inner.problems.add(inner.place, "'done_when' with 'ok' needs exactly one of 'promql' and 'get'")
    value = texts.expression(inner, "value", with_body(names))
    if value is not None and get is None:
        inner.problem("value", "'value' reads the body that 'get' brings; PromQL brings a number")
    return DoneWhen(
        source=inner.text("source", required=True), promql=promql, get=get, value=value,
        ok=texts.expression(inner, "ok", with_reading(names)), times=inner.integer("times", 2, minimum=1),
        every=inner.duration("every", 5.0), lag=inner.duration("lag", 60.0),
    )  # fmt: skip
