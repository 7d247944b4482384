"""The steps that measure: ``query`` and ``compare``, written out in a step or defined in the service catalogue."""

from __future__ import annotations

from typing import Any, Literal

from bot.runbooks.expression_check import Shape
from bot.runbooks.names import with_body, with_reading
from bot.runbooks.reading import texts
from bot.runbooks.reading.links import read_links
from bot.runbooks.schema import DRIFTS, Baseline, Compare, Query
from bot.statistics.drift import MIN_EFFECT
from bot.yaml.reader import Section
from bot.yaml.source import Node

SIGNALS = ("exact", "mistakes_only", "delayed", "sampled", "proxy")
STATISTICS = ("mean", "p50", "p90", "p95", "p99")
TESTS = ("paired", "two_proportions", "mann_whitney", "bootstrap", *DRIFTS)
#: Keys of the format that this version does not act on; taking them silently would promise what is not done.
NOT_YET: tuple[str, ...] = ()


def read_query(section: Section, names: Shape, *, name: str = "", judged: bool = True) -> Query:
    """One measurement. ``judged`` asks for a way to tell good from bad; ``serving`` needs none."""
    source = section.text("source", required=True)
    promql = texts.promql(section, "promql", names)
    graphite = texts.optional_template(section, "graphite", names)
    get = texts.path(section, "get", names)
    if source and source != "changes" and sum(text is not None for text in (promql, graphite, get)) != 1:
        section.problems.add(section.place, f"{section.name} needs exactly one of 'promql', 'graphite' and 'get'")
    reading = with_reading(names)
    better = _better(section)
    baseline = _baseline(section, better)
    conditions: dict[str, Any] = {key: texts.expression(section, key, reading) for key in ("ok", "warn", "bad")}
    if judged and source != "changes" and not (conditions["ok"] or conditions["bad"] or better):
        section.problems.add(
            section.place, f"{section.name} needs 'better', or 'ok' or 'bad', or nobody can tell its result"
        )
    no_data = section.one_of("no_data", ("bad", "warn")) or None
    value = texts.expression(section, "value", with_body(names))
    if value is not None and get is None:
        section.problem("value", "'value' reads the body that 'get' brings; PromQL and Graphite bring a number")
    denominator = texts.optional_template(section, "denominator", names)
    if denominator is not None and promql is not None:
        texts.promql(section, "denominator", names)
    return Query(
        source=source, name=name or section.text("name"), title=section.text("title"), counts=section.text("counts"),
        promql=promql, graphite=graphite, get=get, value=value, denominator=denominator,
        range=section.optional_duration("range"), step=section.optional_duration("step"), baseline=baseline,
        better=better, min_effect=_min_effect(section), **conditions,
        no_data=_literal(no_data), unit=section.text("unit"),
        chart=section.boolean("chart") if "chart" in section else None, links=read_links(section, names),
        signal=_signal(section), label_delay=section.duration("label_delay", 0.0),
    )  # fmt: skip


def read_compare(section: Section, names: Shape, *, name: str = "") -> Compare:
    """The running version against the target."""
    test: Any = section.one_of("test", TESTS, "two_proportions", required=not name)
    confidence = section.number("confidence")
    if confidence is not None and not 0.5 <= confidence < 1:
        section.problem("confidence", "'confidence' is a share between 0.5 and 1, as in 0.95")
        confidence = None
    defaults = Compare(source="", metric="")
    effect = _min_effect(section)
    not_yet(section)
    correct: Any = section.one_of("correct", ("holm", "bh", "none"), "holm")
    statistic: Any = section.one_of("statistic", STATISTICS, "mean")
    weights, cluster = section.text("weights") or None, section.text("cluster") or None
    if statistic != "mean" and test != "bootstrap":
        section.problem("statistic", f"'{statistic}' is compared by 'test: bootstrap'")
    if weights and test == "mann_whitney":
        section.problem("weights", "'mann_whitney' takes no weights; 'bootstrap' does")
    if test in DRIFTS:
        _drifts(section, test, effect)
    found = Compare(
        source=section.text("source", required=True), metric=section.text("metric", required=True),
        name=name or section.text("name"), counts=section.text("counts"),
        a=texts.template(section, "a", names) or defaults.a, b=texts.template(section, "b", names) or defaults.b,
        better=_better(section) or "higher", test=test,
        min_effect=MIN_EFFECT.get(test, defaults.min_effect) if effect is None else effect,
        confidence=confidence or defaults.confidence,
        min_positives=section.integer("min_positives", defaults.min_positives, minimum=1),
        slices=section.texts("slices"), weights=weights, cluster=cluster, correct=correct, statistic=statistic,
        unit=section.text("unit"), signal=_signal(section), label_delay=section.duration("label_delay", 0.0),
        get=texts.path(section, "get", names),
    )  # fmt: skip
    if not name and test not in DRIFTS and "min_effect" not in section:
        section.problems.add(section.place, f"{section.name} needs 'min_effect', the smallest change that matters")
    return found


def _drifts(section: Section, test: str, effect: float | None) -> None:
    """What a test of drift does not take. ``better`` is read and means nothing to it."""
    for key in ("weights", "cluster"):
        if key in section:
            section.problem(key, f"'{test}' takes no '{key}': every row counts once")
    if effect == 0:
        section.problem("min_effect", f"'{test}' is never quite 0; say from where on a drift matters")


def not_yet(section: Section) -> None:
    """Refuse, in words of their own, keys that the format knows and this version does not act on."""
    for key in NOT_YET:
        if section.entry(key) is not None:
            section.problems.add(section.key_at(key), f"{key!r} is not acted on by this version; leave it out")


def _better(section: Section) -> Literal["higher", "lower"] | None:
    found = section.one_of("better", ("higher", "lower"))
    return "higher" if found == "higher" else "lower" if found == "lower" else None


def _literal(word: str | None) -> Literal["bad", "warn"] | None:
    return "bad" if word == "bad" else "warn" if word == "warn" else None


def _signal(section: Section) -> Any:
    return section.one_of("signal", SIGNALS, "exact")


def _min_effect(section: Section) -> float | None:
    effect = section.number("min_effect")
    if effect is not None and effect < 0:
        section.problem("min_effect", "'min_effect' is a distance, 0 or more")
        return None
    return effect


def _baseline(section: Section, better: str | None) -> Baseline | None:
    """The baseline as written; the usual one (7 days, median) if only ``better`` is known."""
    inner = section.section("baseline", "'baseline'")
    if inner is None:
        judged_by_hand = "ok" in section or "bad" in section
        return Baseline() if better and not judged_by_hand else None
    reduce: Any = inner.one_of("reduce", ("median", "mean", "min", "max"), "median")
    found = Baseline(
        range=inner.duration("range", 7 * 86400.0), offset=inner.duration("offset", 0.0), reduce=reduce,
        any_version=inner.boolean("any_version"),
    )  # fmt: skip
    inner.close()
    return found


def query_of(node: Node, section: Section, names: Shape, label: str) -> Query:
    """A query written out at ``node``, its unknown keys reported."""
    inner = Section(node, section.problems, label)
    found = read_query(inner, names)
    inner.close()
    return found
