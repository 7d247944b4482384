from __future__ import annotations

import pytest

from bot.runbooks.named import versions_asked, versions_named
from bot.runbooks.schema import Compare, Queries, Query, Spec, Task

PLAIN = Query(source="prometheus", promql="up")


def query(**fields: str) -> Query:
    return Query(source="prometheus", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        (query(promql='recall{version="{{ running }}"}'), {"running"}),
        (query(promql="up", denominator='n{version="{{ target | upper }}"}'), {"target"}),
        (query(get="models/{{ target }}", value="body.share[running]"), {"running", "target"}),
        (query(promql="up", bad="value > 1 and running == '42'"), {"running"}),
        (Queries(queries=(PLAIN, query(promql='x{v="{{ running }}"}'))), {"running"}),
        (Compare(source="evaluator", metric="recall"), {"running", "target"}),
        (Compare(source="evaluator", metric="recall", a="stable", b="canary"), set()),
    ],
)
def test_the_versions_that_a_measurement_names(spec: Spec, named: set[str]) -> None:
    assert versions_named(spec) == named


@pytest.mark.parametrize(
    "spec",
    [
        query(promql='up{target="x", running="yes"}', ok="value == 1"),
        query(promql="time_running_seconds", name="running", title="Still running"),
        query(promql='up{job="{{ labels.target }}"}', bad="steps.running.value > 1"),
        query(promql='up{job="{{ service.name }}", target="x"}', bad="'running' in labels"),
        Task(text="Is {{ running }} still running?"),
    ],
)
def test_a_label_a_metric_or_a_text_called_like_a_version_is_none(spec: Spec) -> None:
    assert versions_named(spec) == frozenset()


def test_how_it_is_judged_is_no_part_of_what_is_asked() -> None:
    assert versions_asked(query(promql="up", bad="running == '42'")) == frozenset()
