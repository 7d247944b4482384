"""What evenkeel.yaml says of payloads: every mistake has its place."""

from __future__ import annotations

import pytest

from tests.unit.config.test_settings import problems, settings


def test_fields_labels_and_values_are_read() -> None:
    text = """
sources:
  generic:
    mapping: {title: $.t, service: fraud-scorer, labels.team: $.team}
    values: {state: {"1": firing}, severity: {P1: SEV1}}
"""
    found = settings(text).sources["generic"]
    assert found.mapping == {"title": "$.t", "service": "fraud-scorer", "labels.team": "$.team"}
    assert found.values == {"state": {"1": "firing"}, "severity": {"P1": "SEV1"}}


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("mapping: {titel: $.t}", "'mapping' has no field 'titel'; did you mean 'title'?"),
        ("mapping: {labels.: $.t}", "'mapping' has no field 'labels.'"),
        ("mapping: {title: '$.['}", "'$.[' is no JSONPath"),
        ("mapping: {title: '$.a[?search(@.b, 1)]'}", "asks too much in a filter"),
        ("mapping: {each: alerts}", "'each' is a JSONPath"),
        ("values: {state: {ok: fine}}", "'ok: fine' is no state; one of firing, resolved"),
        ("values: {url: {a: b}}", "'values' has no field 'url'"),
    ],
)
def test_a_mistake_is_told_with_its_place(inside: str, said: str) -> None:
    (line,) = problems(f"sources:\n  generic:\n    {inside}\n")
    assert line.startswith("evenkeel.yaml:3:")
    assert said in line
