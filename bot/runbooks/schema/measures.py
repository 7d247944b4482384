"""The steps that measure by themselves: queries, comparisons, and the watch after the fix."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.runbooks.schema.links import Link
from bot.runbooks.schema.values import Expression, Seconds, Template, Value


class Baseline(Value, frozen=True):
    """What a value is compared with: the same query over ``range`` seconds, ``offset`` seconds ago, reduced."""

    range: Seconds = 7 * 86400.0
    offset: Seconds = 0.0
    reduce: Literal["median", "mean", "min", "max"] = "median"
    any_version: bool = False


class Query(Value, frozen=True, tag="query"):
    """One measurement, judged. Exactly one of ``promql``, ``graphite`` and ``get`` is set.

    ``source`` is a connector's name, or ``changes`` for our own record of deployments. ``name`` is what the
    catalogue calls it ("quality"), ``title`` what people read ("Recall"), ``counts`` what the denominator counts
    ("confirmed frauds"). ``chart`` None: drawn if it is the service's quality and no query says true.
    """

    source: str
    name: str = ""
    title: str = ""
    counts: str = ""
    promql: Template | None = None
    graphite: Template | None = None
    get: Template | None = None
    value: Expression | None = None
    denominator: Template | None = None
    range: Seconds | None = None
    step: Seconds | None = None
    baseline: Baseline | None = None
    better: Literal["higher", "lower"] | None = None
    min_effect: float | None = None
    ok: Expression | None = None
    warn: Expression | None = None
    bad: Expression | None = None
    no_data: Literal["bad", "warn"] | None = None
    unit: str = ""
    chart: bool | None = None
    links: tuple[Link, ...] = ()
    signal: Literal["exact", "mistakes_only", "delayed", "sampled", "proxy"] = "exact"
    label_delay: Seconds = 0.0


class Queries(Value, frozen=True, tag="queries"):
    """Several measurements under one step (``query: [errors, latency]``); the worst verdict is the step's.

    ``missing`` says what to add to evenkeel.yaml for those that the service does not define, a sentence each.
    """

    queries: tuple[Query, ...]
    missing: tuple[str, ...] = ()


#: the tests of a comparison that ask whether something moved, not whether that is better
DRIFTS = ("psi", "ks", "chi_square", "wasserstein")


class Compare(Value, frozen=True, tag="compare"):
    """The running version against the target, with a real test on the same or separate samples; or a drift.

    With a test of ``DRIFTS`` ``a`` is the reference and ``b`` is now; ``min_effect`` is in the test's own measure,
    and ``better`` means nothing.

    ``slices``, ``weights`` and ``cluster`` name columns of the evaluator's rows. ``statistic`` is what ``bootstrap``
    compares. ``min_effect`` is a difference of shares, or in ``unit`` where rows carry other numbers.
    """

    source: str
    metric: str
    name: str = ""
    counts: str = ""
    a: Template = "{{ target }}"
    b: Template = "{{ running }}"
    better: Literal["higher", "lower"] = "higher"
    test: Literal[
        "paired", "two_proportions", "mann_whitney", "bootstrap", "psi", "ks", "chi_square", "wasserstein"
    ] = "two_proportions"
    min_effect: float = 0.02
    confidence: float = 0.95
    min_positives: int = 100
    slices: tuple[str, ...] = ()
    weights: str | None = None
    cluster: str | None = None
    correct: Literal["holm", "bh", "none"] = "holm"
    statistic: Literal["mean", "p50", "p90", "p95", "p99"] = "mean"
    unit: str = ""
    signal: Literal["exact", "mistakes_only", "delayed", "sampled", "proxy"] = "exact"
    label_delay: Seconds = 0.0
    get: Template | None = None


class Watch(Value, frozen=True, tag="watch"):
    """Looks again and again after the fix, speaks only on relapse and at the end."""

    checks: tuple[Query, ...]
    every: Seconds = 600.0
    duration: Seconds = msgspec.field(name="for", default=86400.0)
    starts: str | None = None
    fail_after: int = 3
    on_fail: Literal["reopen", "notify"] = "reopen"
