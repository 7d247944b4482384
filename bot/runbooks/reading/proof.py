"""``serving`` and ``done_when``: what serves, and what proves that an action has changed the world."""

from __future__ import annotations

from bot.runbooks.expression_check import Shape
from bot.runbooks.names import with_body, with_reading
from bot.runbooks.reading import texts
from bot.runbooks.reading.measures import read_query
from bot.runbooks.schema import DoneWhen
from bot.yaml.reader import Section

#: The label of a Graphite series that holds its name: what ``aliasByNode`` made of it.
TARGET_LABEL = "target"


def read_serving(section: Section, names: Shape) -> DoneWhen:
    """``serving``: the traffic by version."""
    query = read_query(section, names, name="serving", judged=False)
    if query.get is not None:
        section.problems.add(section.place, "'serving' needs 'promql' or 'graphite', the traffic by version")
    return DoneWhen(
        source=query.source, promql=query.promql, graphite=query.graphite, label=_label(section, query.graphite)
    )


def _label(section: Section, graphite: str | None) -> str:
    """Where the version stands: a series of Graphite is named by it, unless a tag is meant."""
    return section.text("label", "version" if graphite is None else TARGET_LABEL)


def read_done_when(section: Section, names: Shape, serving: DoneWhen | None, *, required: bool) -> DoneWhen:
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
        return serving or DoneWhen()
    found = _condition(inner, names) if "ok" in inner else _share(inner, names, serving)
    inner.close()
    return found


def _share(inner: Section, names: Shape, serving: DoneWhen | None) -> DoneWhen:
    promql, graphite = texts.promql(inner, "promql", names), texts.optional_template(inner, "graphite", names)
    if promql is not None and graphite is not None:
        inner.problem("graphite", "'done_when' has 'promql' or 'graphite', not both")
    share = inner.number("share")
    if share is not None and not 0 < share <= 1:
        inner.problem("share", "'share' is a share of the traffic between 0 and 1, as in 0.99")
        share = None
    written = promql is not None or graphite is not None
    usual = DoneWhen(promql=promql, graphite=graphite) if written else serving or DoneWhen()
    label = _label(inner, graphite) if written else inner.text("label", usual.label)
    found = DoneWhen(
        share=0.99 if share is None else share, times=inner.integer("times", 2, minimum=1),
        every=inner.duration("every", 5.0), lag=inner.duration("lag", 60.0),
        source=inner.text("source", usual.source, required=written), promql=usual.promql, graphite=usual.graphite,
        label=label,
    )  # fmt: skip
    if not found.by_traffic:
        inner.problems.add(
            inner.place, "'done_when' needs 'promql' or 'graphite', the traffic of each version; or 'ok' over a value"
        )
    return found


def _condition(inner: Section, names: Shape) -> DoneWhen:
    """A look of its own: a value by a query or ``get``, and the expression that has to hold over it."""
    promql, get = texts.promql(inner, "promql", names), texts.path(inner, "get", names)
    graphite = texts.optional_template(inner, "graphite", names)
    if sum(text is not None for text in (promql, graphite, get)) != 1:
        inner.problems.add(inner.place, "'done_when' with 'ok' needs exactly one of 'promql', 'graphite' and 'get'")
    value = texts.expression(inner, "value", with_body(names))
    if value is not None and get is None:
        inner.problem("value", "'value' reads the body that 'get' brings; PromQL and Graphite bring a number")
    return DoneWhen(
        source=inner.text("source", required=True), promql=promql, graphite=graphite, get=get, value=value,
        ok=texts.expression(inner, "ok", with_reading(names)), times=inner.integer("times", 2, minimum=1),
        every=inner.duration("every", 5.0), lag=inner.duration("lag", 60.0),
    )  # fmt: skip
